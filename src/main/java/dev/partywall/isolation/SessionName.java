package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import java.util.regex.Pattern;

/**
 * What CloudTrail calls a session: {@code <tenant>@<instance of the service>}. STS takes 2 to 64
 * characters. A tenant's name is always there whole, up to the {@code @} or the end; where it is so
 * long that both don't fit, the instance's name is cut, or left out.
 */
record SessionName(String value) {
  private static final int MOST_CHARACTERS = 64;
  private static final Pattern INSTANCE = Pattern.compile("[\\w+=,.-]{1,64}");

  /** The name of an instance's session for a tenant. */
  static SessionName of(TenantId tenant, String instance) {
    requireInstance(instance);
    var room = MOST_CHARACTERS - tenant.value().length() - 1;
    return new SessionName(
        room < 1
            ? tenant.value()
            : tenant + "@" + instance.substring(0, Math.min(room, instance.length())));
  }

  static String requireInstance(String instance) {
    if (!INSTANCE.matcher(instance).matches()) {
      throw new IllegalArgumentException("no name for an instance: 1 to 64 of [A-Za-z0-9_+=,.-]");
    }
    return instance;
  }
}
