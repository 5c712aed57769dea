package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RejectionPaceTest {
  private static final long MS = 1_000_000;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 100 * MS); // may overflow
  private final RejectionPace pace = new RejectionPace(2, 16, now::get);

  private Response respond(int status) {
    return pace.filter(QueueFixture.REQUEST, _ -> Response.of(status));
  }

  /** Sends a request that is rejected after this time, when two others were rejected just now. */
  private Response respondAboveTheRateAfter(Duration time) {
    return pace.filter(
        QueueFixture.REQUEST,
        _ -> {
          now.addAndGet(time.toNanos());
          respond(503);
          respond(503);
          return Response.of(503);
        });
  }

  /** Sends a request in a thread of its own, and waits until it is delayed. */
  private FutureTask<Response> delayed(int status) {
    return delayed(() -> respond(status));
  }

  private FutureTask<Response> delayed(Callable<Response> request) {
    var response = new FutureTask<>(request);
    var thread = Thread.startVirtualThread(response);
    while (thread.getState() != Thread.State.WAITING) {
      assertFalse(response.isDone(), "the response is not delayed");
      Conditions.pause();
    }
    return response;
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
    pace.endDueDelays();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 503})
  void sendsRejectionsAboveTheRateAtEqualIntervals(int status) throws Exception {
    respond(status);
    respond(status);
    var third = delayed(status);
    var fourth = delayed(status);
    pass(Duration.ofMillis(499));
    assertFalse(third.isDone());
    pass(Duration.ofMillis(1));
    assertEquals(status, third.get(10, TimeUnit.SECONDS).status());
    pass(Duration.ofMillis(499));
    assertFalse(fourth.isDone());
    pass(Duration.ofMillis(1));
    assertEquals(status, fourth.get(10, TimeUnit.SECONDS).status());
  }

  @Test
  void delaysNoRejectionByMoreThanSixSeconds() throws Exception {
    respond(429);
    respond(429);
    var delayed = new ArrayList<FutureTask<Response>>();
    for (var i = 0; i < 15; i++) {
      delayed.add(delayed(429));
    }
    pass(Duration.ofMillis(5_999));
    assertFalse(delayed.getLast().isDone());
    pass(Duration.ofMillis(1));
    for (var response : delayed) {
      assertEquals(429, response.get(10, TimeUnit.SECONDS).status());
    }
  }

  @Test
  @Timeout(60)
  void theDelayEndsWhenTheRequestIsNineSecondsOld() throws Exception {
    assertEquals(503, respondAboveTheRateAfter(Duration.ofSeconds(9)).status());
    pass(Duration.ofSeconds(100));
    var earlier = delayed(() -> respondAboveTheRateAfter(Duration.ofMillis(8_600)));
    pass(Duration.ofMillis(399));
    assertFalse(earlier.isDone());
    pass(Duration.ofMillis(1));
    assertEquals(503, earlier.get(10, TimeUnit.SECONDS).status());
  }

  @Test
  void theAgeOfARequestContainsItsWaitForAProcessor() throws Exception {
    respond(503);
    respond(503);
    assertEquals(503, pace.filter(waited(Duration.ofSeconds(9)), _ -> Response.of(503)).status());
    var younger = waited(Duration.ofMillis(8_600));
    var delayed = delayed(() -> pace.filter(younger, _ -> Response.of(503)));
    pass(Duration.ofMillis(399));
    assertFalse(delayed.isDone());
    pass(Duration.ofMillis(1));
    assertEquals(503, delayed.get(10, TimeUnit.SECONDS).status());
  }

  @Test
  void aFloodWithoutTokensDelaysNoRejectionOfATenant() throws Exception {
    for (var i = 0; i < 2; i++) {
      respond(401);
    }
    var flood = delayed(401);
    var alice =
        new Identity.TenantUser(
            new TenantId("acme"), Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN);
    assertEquals(429, TestExecution.of(alice).call(() -> respond(429)).status());
    assertFalse(flood.isDone());
    pass(Duration.ofMillis(500));
    assertEquals(401, flood.get(10, TimeUnit.SECONDS).status());
  }

  private static Request waited(Duration time) {
    var request = QueueFixture.REQUEST;
    return new Request(
        request.method(),
        request.target(),
        request.headers(),
        request.body(),
        time,
        request.violatedRule(),
        request.match(),
        null,
        request.operatorIssuer());
  }

  @Test
  void otherResponsesAreNeitherCountedNorDelayed() throws Exception {
    for (var status : new int[] {200, 304, 400, 404, 412, 500}) {
      assertEquals(status, respond(status).status());
    }
    respond(429);
    respond(429);
    var excess = delayed(429);
    assertEquals(200, respond(200).status());
    pass(Duration.ofMillis(500));
    excess.get(10, TimeUnit.SECONDS);
  }

  @Test
  void afterAPauseAsManyRejectionsAsInASecondAreNotDelayed() throws Exception {
    respond(429);
    respond(429);
    pass(Duration.ofSeconds(100));
    respond(429);
    respond(429);
    var excess = delayed(429);
    pass(Duration.ofMillis(500));
    excess.get(10, TimeUnit.SECONDS);
  }

  @Test
  void doesNotDelayMoreThanTheMaximum() throws Exception {
    respond(429);
    respond(429);
    var delayed = new ArrayList<FutureTask<Response>>();
    for (var i = 0; i < 16; i++) {
      delayed.add(delayed(429));
    }
    respond(429);
    pass(Duration.ofSeconds(6));
    for (var response : delayed) {
      response.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void anInterruptEndsTheDelayAndStaysPending() throws Exception {
    respond(429);
    respond(429);
    var interrupted =
        new FutureTask<>(() -> {
          Thread.currentThread().interrupt();
          respond(429);
          return Thread.currentThread().isInterrupted();
        });
    Thread.startVirtualThread(interrupted);
    assertTrue(interrupted.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aThreadEndsTheDelaysAndClosingEndsAllOfThem() throws Exception {
    var responses = new ArrayList<FutureTask<Response>>();
    try (var running = new RejectionPace(1, 10, System::nanoTime).start()) {
      for (var i = 0; i < 3; i++) {
        var response =
            new FutureTask<>(() -> running.filter(QueueFixture.REQUEST, _ -> Response.of(429)));
        Thread.startVirtualThread(response);
        responses.add(response);
      }
      while (responses.stream().filter(FutureTask::isDone).count() < 2) {
        Conditions.pause();
      }
    }
    for (var response : responses) {
      response.get(10, TimeUnit.SECONDS);
    }
  }
}
