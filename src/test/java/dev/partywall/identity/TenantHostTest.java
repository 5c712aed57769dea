package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.identity.Authenticate.TenantHost;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantHostTest {
  private static final Identity ACME =
      new Identity.TenantUser(
          new TenantId("acme"), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN);
  private static final Identity OPERATOR = new Identity.Operator("olga", Set.of("tenants:admin"));

  private final TenantHost hosts = new TenantHost(Optional.of("Orders.example.com"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme.orders.example.com",
        "acme.orders.example.com:8443",
        "ACME.Orders.Example.COM",
        "acme.orders.example.com.",
        "acme.orders.example.com.:80",
        // These name no tenant.
        "orders.example.com",
        "127.0.0.1:8080",
        "[::1]:8080",
        "[::1]",
        "localhost",
        "",
        "xorders.example.com"
      })
  void allowsAHostThatNamesTheTenantOrNoTenant(String host) {
    assertTrue(hosts.allows(host, ACME));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "globex.orders.example.com", "acme2.orders.example.com", "acm.orders.example.com",
        "x.acme.orders.example.com", "acme.x.orders.example.com", ".orders.example.com",
        "acme-.orders.example.com:80", "*.orders.example.com", "globex.orders.example.com."
      })
  void rejectsAnyOtherNameBelowTheDomain(String host) {
    assertFalse(hosts.allows(host, ACME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme.orders.example.com", "ACME.orders.example.com.:80"})
  void rejectsAnyTenantsHostForAnOperator(String host) {
    assertFalse(hosts.allows(host, OPERATOR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders.example.com", "admin.example.com:8443", "127.0.0.1:8080", ""})
  void allowsAHostThatNamesNoTenantForAnOperator(String host) {
    assertTrue(hosts.allows(host, OPERATOR));
  }

  @Test
  void allowsEveryHostWithoutADomain() {
    assertTrue(new TenantHost(Optional.empty()).allows("globex.orders.example.com", ACME));
  }

  @Test
  void acceptsADomainWithALeadingDot() {
    assertFalse(new TenantHost(Optional.of(".example.com")).allows("globex.example.com", ACME));
  }
}
