package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import org.junit.jupiter.api.Test;

/**
 * Structured concurrency is a preview of Java 25, which a jar's manifest can't enable: production
 * code binds again where it forks. This shows that the binding will follow once it is there.
 */
class StructuredPreviewTest {
  private static final Tenant ACME = new Tenant(new TenantId("acme"), "free");

  @Test
  void workThatIsForkedInsideOfTheRequestKeepsTheTenant() throws InterruptedException {
    assertEquals(ACME, TenantContext.call(ACME, StructuredPreviewTest::seenByAFork));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void forksOfForksKeepItToo() throws InterruptedException {
    assertEquals(ACME, TenantContext.call(ACME, () -> forked(StructuredPreviewTest::seenByAFork)));
  }

  private static Tenant seenByAFork() throws InterruptedException {
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
