package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RejectionPaceTest {
  private static final long MS = 1_000_000;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 100 * MS); // may overflow
  private final Watchdog watchdog = new Watchdog("test", RejectionPace.DELAY, now::get);
  private final RejectionPace pace = new RejectionPace(2, 1, watchdog, now::get);

  private Response respond(int status) {
    return pace.filter(QueueFixture.REQUEST, _ -> Response.of(status));
  }

  /** Sends a request in a thread of its own, and waits until it is delayed. */
  private FutureTask<Response> delayed(int status) {
    var response = new FutureTask<>(() -> respond(status));
    var thread = Thread.startVirtualThread(response);
    while (thread.getState() != Thread.State.WAITING) {
      assertFalse(response.isDone(), "the response is not delayed");
      Thread.onSpinWait();
    }
    return response;
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
    watchdog.check();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 503})
  void delaysRejectionsAboveTheRateByAQuarterOfASecond(int status) throws Exception {
    respond(status);
    respond(status);
    var excess = delayed(status);
    pass(Duration.ofMillis(249));
    assertFalse(excess.isDone());
    pass(Duration.ofMillis(1));
    assertEquals(status, excess.get(10, TimeUnit.SECONDS).status());
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
    pass(RejectionPace.DELAY);
    excess.get(10, TimeUnit.SECONDS);
  }

  @Test
  void countsEachSecondAnew() {
    respond(429);
    respond(429);
    pass(Duration.ofSeconds(1));
    respond(429);
    respond(429);
  }

  @Test
  void doesNotDelayMoreThanTheMaximum() throws Exception {
    respond(429);
    respond(429);
    var first = delayed(429);
    respond(429);
    pass(RejectionPace.DELAY);
    first.get(10, TimeUnit.SECONDS);
    var next = delayed(429);
    pass(RejectionPace.DELAY);
    next.get(10, TimeUnit.SECONDS);
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
}
