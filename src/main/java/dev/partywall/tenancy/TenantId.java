package dev.partywall.tenancy;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tenant id: a lower-case letter or digit, then up to 62 of those or hyphens. A value of this
 * type is always valid. Keys, policies and logs use it without escaping, so it cannot contain a
 * wildcard, a separator or a control character.
 */
public record TenantId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** Rejects text that is not a tenant id. */
  public TenantId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a tenant id");
    }
  }

  /** Parses a tenant id; returns empty if the text is invalid. */
  public static Optional<TenantId> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new TenantId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
