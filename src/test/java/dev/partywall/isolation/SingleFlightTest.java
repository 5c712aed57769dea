package dev.partywall.isolation;

import static dev.partywall.isolation.CredentialsFixture.ACME;
import static dev.partywall.isolation.CredentialsFixture.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.lang.Thread.State;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

@Timeout(60)
class SingleFlightTest {
  private final CredentialsFixture stage = new CredentialsFixture();
  private final CountDownLatch released = new CountDownLatch(1);
  private final TenantCredentials credentials =
      credentials((tenant, location) -> {
        if (tenant.equals(ACME)) {
          await(released);
        }
        return stage.sts.issue(tenant, location);
      });

  private TenantCredentials credentials(CredentialIssuer issuer) {
    return new TenantCredentials(
        new CredentialIssuing(
            issuer,
            Thread::startVirtualThread,
            TestExecution::create,
            stage.clock,
            () -> 0.5,
            stage.events),
        tenant -> stage.locationOf(tenant.id()),
        10_000);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("a call with other waiting requests was interrupted", e);
    }
  }

  private record CredentialRequest(Thread thread, FutureTask<AwsSessionCredentials> task) {}

  private CredentialRequest request(TenantId tenant) {
    var task = new FutureTask<>(() -> CredentialsFixture.resolveAs(tenant, credentials));
    return new CredentialRequest(Thread.startVirtualThread(task), task);
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == State.TIMED_WAITING;
  }

  private static void awaitTrue(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(100_000);
    }
  }

  private static void awaitWaiting(List<CredentialRequest> requests) {
    awaitTrue(() -> requests.stream().allMatch(request -> isWaiting(request.thread())));
  }

  @Test
  void thousandFirstRequestsOfATenantMakeOneCall() throws Exception {
    var requests = new ArrayList<CredentialRequest>();
    for (int i = 0; i < 1_000; i++) {
      requests.add(request(ACME));
    }
    awaitWaiting(requests);
    released.countDown();
    var results = new HashSet<AwsSessionCredentials>();
    for (var request : requests) {
      results.add(request.task().get());
    }
    assertEquals(1, results.size());
    assertEquals(1, stage.sts.calls());
  }

  @Test
  void hangingCallTimesOutAndDoesNotDelayOtherTenants() throws Exception {
    var acme = request(ACME);
    awaitWaiting(List.of(acme));
    assertEquals("globex#1", request(GLOBEX).task().get().sessionToken());
    var failure = assertThrows(ExecutionException.class, acme.task()::get);
    assertTrue(failure.getCause() instanceof ApiException);
    released.countDown();
  }

  @Test
  void interruptedRequestStopsWaitingAndTheCallContinuesForOthers() throws Exception {
    var stillInterrupted = new CompletableFuture<Boolean>();
    var thread =
        Thread.startVirtualThread(() -> {
          assertThrows(ApiException.class, () -> CredentialsFixture.resolveAs(ACME, credentials));
          stillInterrupted.complete(Thread.currentThread().isInterrupted());
        });
    awaitTrue(() -> isWaiting(thread));
    thread.interrupt();
    assertTrue(stillInterrupted.get(10, TimeUnit.SECONDS));
    var other = request(ACME);
    awaitWaiting(List.of(other));
    released.countDown();
    assertEquals("acme#1", other.task().get().sessionToken());
    assertEquals(1, stage.sts.calls());
  }

  /** The threads contend at the completion of a call, where a second call could start. */
  @Test
  void contendingThreadsMakeOneCallPerTenantAndPerFailure() throws Exception {
    var rounds = 300;
    var plain = credentials(stage.sts);
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < rounds; round++) {
        var tenant = new TenantId("r" + round);
        if (round % 2 == 0) {
          stage.sts.failFor(tenant);
        }
        var attempts = new ArrayList<Future<?>>();
        for (int i = 0; i < 8; i++) {
          attempts.add(threads.submit(() -> isServed(plain, tenant)));
        }
        for (var attempt : attempts) {
          attempt.get();
        }
      }
    }
    assertEquals(rounds, stage.sts.calls());
  }

  private static boolean isServed(TenantCredentials credentials, TenantId tenant) {
    try {
      return CredentialsFixture.resolveAs(tenant, credentials)
          .sessionToken()
          .startsWith(tenant + "#");
    } catch (ApiException _) {
      return false;
    }
  }

  @Test
  void renewalUnderLoadMakesOneCall() throws Exception {
    var plain = credentials(stage.sts);
    CredentialsFixture.resolveAs(GLOBEX, plain);
    stage.clock.advance(Duration.ofMinutes(50));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1_000; i++) {
        threads.execute(() -> CredentialsFixture.resolveAs(GLOBEX, plain));
      }
    }
    awaitTrue(() -> stage.events.recorded.size() == 2);
    assertEquals(2, stage.sts.calls());
    assertEquals("globex#2", CredentialsFixture.resolveAs(GLOBEX, plain).sessionToken());
  }

  /** Another call completes between the check of the cache and the start of this call. */
  @Test
  void doesNotRepeatACallThatCompletedInTheMeantime() {
    var clockReads = new AtomicInteger();
    var plain = new AtomicReference<TenantCredentials>();
    InstantSource clock =
        () -> {
          if (clockReads.incrementAndGet() == 2) {
            CredentialsFixture.resolveAs(GLOBEX, plain.get());
          }
          return stage.clock.instant();
        };
    plain.set(
        new TenantCredentials(
            new CredentialIssuing(
                stage.sts, Runnable::run, TestExecution::create, clock, () -> 0.5, stage.events),
            tenant -> stage.locationOf(tenant.id()),
            100));
    assertEquals("globex#1", CredentialsFixture.resolveAs(GLOBEX, plain.get()).sessionToken());
    assertEquals(1, stage.sts.calls());
  }
}
