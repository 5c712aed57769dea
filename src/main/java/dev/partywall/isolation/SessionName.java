package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import java.util.regex.Pattern;

/**
 * The session name in CloudTrail: {@code <tenant>@<service instance>}. STS accepts 2 to 64
 * characters. The tenant id is always complete, up to the {@code @} or the end. If both do not fit,
 * the instance name is shortened or omitted.
 */
record SessionName(String value) {
  private static final int MAX_CHARACTERS = 64;
  private static final Pattern INSTANCE = Pattern.compile("[\\w+=,.-]{1,64}");

  /** Returns the session name of an instance for a tenant. */
  static SessionName of(TenantId tenant, String instance) {
    requireInstance(instance);
    var available = MAX_CHARACTERS - tenant.value().length() - 1;
    return new SessionName(
        available < 1
            ? tenant.value()
            : tenant + "@" + instance.substring(0, Math.min(available, instance.length())));
  }

  static String requireInstance(String instance) {
    if (!INSTANCE.matcher(instance).matches()) {
      throw new IllegalArgumentException(
          "an instance name has 1 to 64 characters of [A-Za-z0-9_+=,.-]");
    }
    return instance;
  }
}
