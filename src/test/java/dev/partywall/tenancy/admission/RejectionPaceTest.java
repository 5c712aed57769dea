package dev.partywall.tenancy.admission;

import static dev.partywall.tenancy.admission.RejectionPaceFixture.awaitDone;
import static dev.partywall.tenancy.admission.RejectionPaceFixture.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import dev.partywall.http.WaitedRequest;
import dev.partywall.tenancy.admission.RejectionPaceFixture.Delayed;
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

  /** Sends a request that is rejected after this time, when two others were rejected just now. */
  private Response respondAboveTheRateAfter(Duration time) {
    return send(
        fixture.pace.filter(
            QueueFixture.REQUEST,
            _ -> {
              fixture.now.addAndGet(time.toNanos());
              fixture.respond(503);
              fixture.respond(503);
              return Response.of(503);
            }));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 503})
  void sendsRejectionsAboveTheRateAtEqualIntervals(int status) throws Exception {
    fixture.respond(status);
    fixture.respond(status);
    var third = fixture.delayed(status);
    var fourth = fixture.delayed(status);
    fixture.pass(Duration.ofMillis(499));
    assertTrue(third.waits());
    fixture.pass(Duration.ofMillis(1));
    assertEquals(status, third.get().status());
    fixture.pass(Duration.ofMillis(499));
    assertTrue(fourth.waits());
    fixture.pass(Duration.ofMillis(1));
    assertEquals(status, fourth.get().status());
  }

  @Test
  void delaysNoRejectionByMoreThanSixSeconds() throws Exception {
    fixture.respond(429);
    fixture.respond(429);
    var delayed = new ArrayList<Delayed>();
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
    assertTrue(earlier.waits());
    fixture.pass(Duration.ofMillis(1));
    assertEquals(503, earlier.get().status());
  }

  @Test
  void theAgeOfARequestContainsItsWaitForAProcessor() throws Exception {
    fixture.respond(503);
    fixture.respond(503);
    assertEquals(503, rejectAfterWait(Duration.ofSeconds(9)).status());
    var delayed = fixture.delayed(() -> rejectAfterWait(Duration.ofMillis(8_600)));
    fixture.pass(Duration.ofMillis(399));
    assertTrue(delayed.waits());
    fixture.pass(Duration.ofMillis(1));
    assertEquals(503, delayed.get().status());
  }

  @Test
  void theDelayOfAnOlderRequestEndsBeforeEarlierDelays() throws Exception {
    fixture.respond(503);
    fixture.respond(503);
    var younger = fixture.delayed(503);
    var older = fixture.delayed(() -> rejectAfterWait(Duration.ofMillis(8_950)));

    fixture.pass(Duration.ofMillis(50)); // the clock overflows between the two ends

    older.get();
    assertTrue(younger.waits());
  }

  private Response rejectAfterWait(Duration forAProcessor) {
    return send(fixture.pace.filter(WaitedRequest.of(forAProcessor), _ -> Response.of(503)));
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
    excess.get();
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
    excess.get();
  }

  @Test
  void aDelayThatAnInterruptHasEndedTakesNoTurn() throws Exception {
    fixture.respond(429);
    fixture.respond(429);
    var interrupted = fixture.delayed(429);
    var next = fixture.delayed(429);
    interrupted.thread().interrupt();
    interrupted.get();

    fixture.pass(Duration.ofMillis(500));

    next.get();
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
  void closingEndsAllDelays() throws Exception {
    fixture.respond(429);
    fixture.respond(429);
    var delayed = fixture.delayed(429);

    fixture.pace.close();

    delayed.get();
    assertEquals(429, fixture.respond(429).status());
  }

  /** While no rejection waits, the thread is parked without a time limit. */
  @Test
  void theFirstDelayWakesTheThread() {
    try (var running = new RejectionPace(10, System::nanoTime).start()) {
      for (var i = 0; i < 2; i++) {
        Conditions.await(running.thread()::isParked, "the thread is not parked");
        for (var n = 0; n < 12; n++) { // at least one is delayed
          send(running.filter(QueueFixture.REQUEST, _ -> Response.of(429)));
        }
      }
    }
  }
}
