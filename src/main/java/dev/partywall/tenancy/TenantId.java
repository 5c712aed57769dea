package dev.partywall.tenancy;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tenant's name: a lower-case letter or digit, then up to 62 of those or hyphens. A value of this
 * type always holds: it goes into keys, policies and logs as it is, so it can't contain a wildcard,
 * a separator or a control character.
 */
public record TenantId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** Refuses what is no tenant's name. */
  public TenantId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a tenant id");
    }
  }

  /** The tenant of that name, where the name holds. */
  public static Optional<TenantId> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new TenantId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
