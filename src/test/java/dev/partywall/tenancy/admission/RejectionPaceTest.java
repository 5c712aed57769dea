package dev.partywall.tenancy.admission;

import static dev.partywall.tenancy.admission.RejectionPaceFixture.awaitDone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RejectionPaceTest {
  private final RejectionPaceFixture fixture = new RejectionPaceFixture();

  /**
   * Sends a request that is rejected after this time, when two others were rejected just
   * fixture.now.
   */
  private Response respondAboveTheRateAfter(Duration time) {
    return fixture.pace.filter(
        QueueFixture.REQUEST,
        _ -> {
          fixture.now.addAndGet(time.toNanos());
          fixture.respond(503);
          fixture.respond(503);
          return Response.of(503);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 503})
  void sendsRejectionsAboveTheRateAtEqualIntervals(int status) throws Exception {
    fixture.respond(status);
    fixture.respond(status);
    var third = fixture.delayed(status);
    var fourth = fixture.delayed(status);
    fixture.pass(Duration.ofMillis(499));
    assertFalse(third.isDone());
    fixture.pass(Duration.ofMillis(1));
    assertEquals(status, third.get(10, TimeUnit.SECONDS).status());
    fixture.pass(Duration.ofMillis(499));
    assertFalse(fourth.isDone());
    fixture.pass(Duration.ofMillis(1));
    assertEquals(status, fourth.get(10, TimeUnit.SECONDS).status());
  }

  @Test
  void delaysNoRejectionByMoreThanSixSeconds() throws Exception {
    fixture.respond(429);
    fixture.respond(429);
    var delayed = new ArrayList<FutureTask<Response>>();
    for (var i = 0; i < 15; i++) {
      delayed.add(fixture.delayed(429));
    }
    for (var i = 0; i < 5; i++) {
      fixture.pass(Duration.ofSeconds(1));
    }
    fixture.pass(Duration.ofMillis(999));
    awaitDone(delayed, 11);
    fixture.pass(Duration.ofMillis(1));
    awaitDone(delayed, 15);
  }

  @Test
  void theDelayEndsWhenTheRequestIsNineSecondsOld() throws Exception {
    assertEquals(503, respondAboveTheRateAfter(Duration.ofSeconds(9)).status());
    fixture.pass(Duration.ofSeconds(100));
    var earlier = fixture.delayed(() -> respondAboveTheRateAfter(Duration.ofMillis(8_600)));
    fixture.pass(Duration.ofMillis(399));
    assertFalse(earlier.isDone());
    fixture.pass(Duration.ofMillis(1));
    assertEquals(503, earlier.get(10, TimeUnit.SECONDS).status());
  }

  @Test
  void theAgeOfARequestContainsItsWaitForAProcessor() throws Exception {
    fixture.respond(503);
    fixture.respond(503);
    assertEquals(
        503, fixture.pace.filter(waited(Duration.ofSeconds(9)), _ -> Response.of(503)).status());
    var younger = waited(Duration.ofMillis(8_600));
    var delayed = fixture.delayed(() -> fixture.pace.filter(younger, _ -> Response.of(503)));
    fixture.pass(Duration.ofMillis(399));
    assertFalse(delayed.isDone());
    fixture.pass(Duration.ofMillis(1));
    assertEquals(503, delayed.get(10, TimeUnit.SECONDS).status());
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
      assertEquals(status, fixture.respond(status).status());
    }
    fixture.respond(429);
    fixture.respond(429);
    var excess = fixture.delayed(429);
    assertEquals(200, fixture.respond(200).status());
    fixture.pass(Duration.ofMillis(500));
    excess.get(10, TimeUnit.SECONDS);
  }

  @Test
  void afterAPauseAsManyRejectionsAsInASecondAreNotDelayed() throws Exception {
    fixture.respond(429);
    fixture.respond(429);
    fixture.pass(Duration.ofSeconds(100));
    fixture.respond(429);
    fixture.respond(429);
    var excess = fixture.delayed(429);
    fixture.pass(Duration.ofMillis(500));
    excess.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aDelayThatAnInterruptHasEndedTakesNoTurn() throws Exception {
    fixture.respond(429);
    fixture.respond(429);
    var interrupted = new FutureTask<>(() -> fixture.respond(429));
    var thread = Thread.startVirtualThread(interrupted);
    while (thread.getState() != Thread.State.WAITING) {
      Conditions.pause();
    }
    var next = fixture.delayed(429);
    thread.interrupt();
    interrupted.get(10, TimeUnit.SECONDS);

    fixture.pass(Duration.ofMillis(500));

    next.get(10, TimeUnit.SECONDS);
  }

  @Test
  void anInterruptEndsTheDelayAndStaysPending() throws Exception {
    fixture.respond(429);
    fixture.respond(429);
    var interrupted =
        new FutureTask<>(() -> {
          Thread.currentThread().interrupt();
          fixture.respond(429);
          return Thread.currentThread().isInterrupted();
        });
    Thread.startVirtualThread(interrupted);
    assertTrue(interrupted.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aThreadEndsTheDelaysAndClosingEndsAllOfThem() throws Exception {
    var responses = new ArrayList<FutureTask<Response>>();
    try (var running = new RejectionPace(1, System::nanoTime).start()) {
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
