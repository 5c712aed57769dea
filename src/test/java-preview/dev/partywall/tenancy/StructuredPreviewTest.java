package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import org.junit.jupiter.api.Test;

/**
 * Tests that forks of structured concurrency inherit the tenant. It is a preview API in Java 25,
 * which a jar's manifest cannot enable, so production code rebinds the tenant explicitly.
 */
class StructuredPreviewTest {
  private static final Tenant ACME = new Tenant(new TenantId("acme"), "free");

  @Test
  void forkInheritsTheTenant() throws InterruptedException {
    assertEquals(ACME, TenantContext.call(ACME, StructuredPreviewTest::tenantInAFork));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void forkOfAForkInheritsTheTenant() throws InterruptedException {
    assertEquals(
        ACME, TenantContext.call(ACME, () -> forked(StructuredPreviewTest::tenantInAFork)));
  }

  private static Tenant tenantInAFork() throws InterruptedException {
    return forked(TenantContext::current);
  }

  private static Tenant forked(Callable<Tenant> work) throws InterruptedException {
    try (var scope = StructuredTaskScope.open()) {
      var fork = scope.fork(work);
      scope.join();
      return fork.get();
    }
  }
}
