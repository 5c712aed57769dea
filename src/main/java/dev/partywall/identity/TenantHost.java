package dev.partywall.identity;

import dev.partywall.tenancy.TenantId;
import java.util.Locale;
import java.util.Optional;

/**
 * The tenant that a host names: {@code acme.orders.example.com} names {@code acme} under the domain
 * {@code orders.example.com}. It never makes anybody that tenant; it can only contradict a token.
 */
final class TenantHost {
  private final Optional<String> suffix;

  /** Under that domain, if there is one. */
  TenantHost(Optional<String> domain) {
    suffix = domain.map(TenantHost::normal).map(name -> name.startsWith(".") ? name : "." + name);
  }

  /** Whether a request to that host (RFC 9110, section 7.2) may be this tenant's. */
  boolean admits(String host, TenantId tenant) {
    if (suffix.isEmpty()) {
      return true;
    }
    var name = normal(withoutPort(host));
    return !name.endsWith(suffix.get()) || name.equals(tenant.value() + suffix.get());
  }

  private static String withoutPort(String host) {
    var colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  /** Names of hosts know no case, and may end with the root's dot. */
  private static String normal(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
