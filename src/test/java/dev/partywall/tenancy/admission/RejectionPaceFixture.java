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
    return send(pace.filter(QueueFixture.REQUEST, _ -> Response.of(status)));
  }

  /** Pauses as the server does between the header fields and the body. */
  static Response send(Response response) {
    response.pause().ifPresent(Runnable::run);
    return response;
  }

  /** A rejection that is delayed, and the thread of its request. */
  record Delayed(FutureTask<Response> response, Thread thread) {
    /** Returns whether the delay goes on. Its end changes the state of the thread at once. */
    boolean waits() {
      return thread.getState() == Thread.State.WAITING;
    }

    Response get() throws Exception {
      return response.get(10, TimeUnit.SECONDS);
    }
  }

  /** Sends a request in a thread of its own, and waits until it is delayed. */
  Delayed delayed(int status) {
    return delayed(() -> respond(status));
  }

  Delayed delayed(Callable<Response> request) {
    var response = new FutureTask<>(request);
    var delayed = new Delayed(response, Thread.startVirtualThread(response));
    while (!delayed.waits()) {
      assertFalse(response.isDone(), "the response is not delayed");
      Conditions.pause();
    }
    return delayed;
  }

  void pass(Duration time) {
    now.addAndGet(time.toNanos());
    pace.endDueDelays();
  }

  /** Waits until exactly these rejections, which are the oldest ones, are sent. */
  static void awaitDone(List<Delayed> delayed, int count) throws Exception {
    assertTrue(delayed.stream().skip(count).allMatch(Delayed::waits));
    for (var i = 0; i < count; i++) {
      delayed.get(i).get();
    }
  }
}
