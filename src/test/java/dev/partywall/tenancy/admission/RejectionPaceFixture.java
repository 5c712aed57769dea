package dev.partywall.tenancy.admission;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A pace of two rejections per second, with a clock that a test sets. */
final class RejectionPaceFixture {
  final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 100_000_000); // may overflow
  final RejectionPace pace = new RejectionPace(2, now::get);

  Response respond(int status) {
    return pace.filter(QueueFixture.REQUEST, _ -> Response.of(status));
  }

  /** Sends a request in a thread of its own, and waits until it is delayed. */
  FutureTask<Response> delayed(int status) {
    return delayed(() -> respond(status));
  }

  FutureTask<Response> delayed(Callable<Response> request) {
    var response = new FutureTask<>(request);
    var thread = Thread.startVirtualThread(response);
    while (thread.getState() != Thread.State.WAITING) {
      assertFalse(response.isDone(), "the response is not delayed");
      Conditions.pause();
    }
    return response;
  }

  void pass(Duration time) {
    now.addAndGet(time.toNanos());
    pace.endDueDelays();
  }

  /** Waits until exactly these rejections, which are the oldest ones, are sent. */
  static void awaitDone(List<FutureTask<Response>> delayed, int count) throws Exception {
    for (var i = 0; i < count; i++) {
      delayed.get(i).get(10, TimeUnit.SECONDS);
    }
    assertTrue(delayed.stream().skip(count).noneMatch(FutureTask::isDone));
  }
}
