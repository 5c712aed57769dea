package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TenantContextTest {
  private static final Tenant ACME = new Tenant(new TenantId("acme"), "free");

  @Test
  void isGoneAfterTheCall() {
    assertEquals(ACME, TenantContext.call(ACME, TenantContext::current));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void readingItUnboundIsAnErrorThatSaysSo() {
    var error = assertThrows(IllegalStateException.class, TenantContext::current);
    assertEquals(
        "no tenant is bound here: this code must run inside of TenantContext.call",
        error.getMessage());
  }
}
