package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TenantContextTest {
  private static final Tenant ACME = new Tenant(new TenantId("acme"), "free");
  private static final Tenant GLOBEX = new Tenant(new TenantId("globex"), "premium");

  @Test
  void rejectsANestedCallForAnotherTenant() {
    TenantContext.call(
        ACME,
        () -> {
          assertThrows(
              IllegalStateException.class,
              () -> TenantContext.call(GLOBEX, TenantContext::current));
          return assertIs(ACME);
        });
    assertEquals(GLOBEX, TenantContext.call(GLOBEX, TenantContext::current));
  }

  @Test
  void runsATaskForOneTenantAtATime() {
    TenantContext.run(
        ACME,
        () -> {
          assertEquals(ACME, TenantContext.current());
          TenantContext.run(ACME, () -> assertEquals(ACME, TenantContext.current()));
          Runnable nested = () -> TenantContext.run(GLOBEX, TenantContext::current);
          assertThrows(IllegalStateException.class, nested::run);
        });
    assertFalse(TenantContext.isBound());
  }

  @Test
  void isUnboundAfterTheCall() {
    assertEquals(ACME, TenantContext.call(ACME, TenantContext::current));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void isUnboundAfterACallThatThrows() {
    assertThrows(IOException.class, () -> TenantContext.call(ACME, TenantContextTest::fail));
    assertFalse(TenantContext.isBound());
  }

  @Test
  void failsWithAClearMessageIfNoTenantIsBound() {
    var error = assertThrows(IllegalStateException.class, TenantContext::current);
    assertEquals(
        "no tenant is bound: this code must run inside TenantContext.call", error.getMessage());
  }

  @ParameterizedTest
  @MethodSource("executors")
  void doesNotPropagateToExecutorsImplicitly(Executor executor) {
    var seen =
        TenantContext.call(
            ACME, () -> CompletableFuture.supplyAsync(TenantContext::isBound, executor).join());
    assertFalse(seen);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void canBeBoundExplicitlyInATask(Executor executor) {
    var seen =
        TenantContext.call(
            ACME,
            () -> {
              var captured = TenantContext.current();
              return CompletableFuture.supplyAsync(
                      () -> TenantContext.call(captured, TenantContext::current), executor)
                  .join();
            });
    assertEquals(ACME, seen);
  }

  @Test
  void isolatesTenThousandConcurrentRequests() {
    var barrier = new CyclicBarrier(10_000);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var requests =
          IntStream.range(0, 10_000)
              .mapToObj(i -> new Tenant(new TenantId("tenant-" + i % 100), "tier-" + i))
              .map(tenant -> CompletableFuture.supplyAsync(() -> serve(tenant, barrier), executor))
              .toList();
      // Each request checked its tenant twice while all others were bound.
      assertEquals(20_000, requests.stream().mapToInt(CompletableFuture::join).sum());
    }
  }

  private static int serve(Tenant tenant, CyclicBarrier barrier) {
    return TenantContext.call(
        tenant,
        () -> {
          await(barrier);
          var before = assertIs(tenant);
          await(barrier);
          return before + assertIs(tenant);
        });
  }

  private static int assertIs(Tenant tenant) {
    assertEquals(tenant, TenantContext.current());
    return 1;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      assertTrue(barrier.await() >= 0);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Executor> executors() {
    return Stream.of(
        ForkJoinPool.commonPool(),
        Thread::startVirtualThread,
        task -> Thread.ofPlatform().start(task));
  }

  private static Tenant fail() throws IOException {
    throw new IOException("on purpose");
  }
}
