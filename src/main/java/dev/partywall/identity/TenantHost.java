package dev.partywall.identity;

import dev.partywall.tenancy.Identity;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares the tenant in the host name with the tenant of the token. {@code
 * acme.orders.example.com} names {@code acme} under the domain {@code orders.example.com}. A host
 * never determines the tenant; it can only contradict the token.
 */
final class TenantHost {
  private final Optional<String> suffix;

  /** Compares hosts under this domain; an empty domain allows every host. */
  TenantHost(Optional<String> domain) {
    suffix =
        domain.map(TenantHost::normalized).map(name -> name.startsWith(".") ? name : "." + name);
  }

  /**
   * Returns whether the host (RFC 9110, section 7.2) is allowed for this identity. An operator
   * belongs to no tenant, and must not use a host that names one.
   */
  boolean allows(String host, Identity identity) {
    if (suffix.isEmpty()) {
      return true;
    }
    var name = normalized(withoutPort(host));
    return !name.endsWith(suffix.get())
        || (identity instanceof Identity.TenantUser user
            && name.equals(user.tenant().value() + suffix.get()));
  }

  private static String withoutPort(String host) {
    var colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  /** Host names are case-insensitive, and may end with the dot of the root domain. */
  private static String normalized(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
