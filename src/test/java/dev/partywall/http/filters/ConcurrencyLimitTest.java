package dev.partywall.http.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
  private static final Request REQUEST =
      Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
  private static final Handler OK = _ -> Response.of(200);
  private static final Handler READ = request -> Response.json(200, request.body().bytes());

  @Test
  void rejectsOnlyRequestsAboveTheLimit() {
    var limit = new ConcurrencyLimit(2, 1, Duration.ZERO);

    var response =
        limit.filter(
            REQUEST,
            _ ->
                limit.filter(
                    REQUEST,
                    _ -> {
                      var rejected = rejection(limit);
                      assertInstanceOf(ApiError.Unavailable.class, rejected.error());
                      assertEquals(2, limit.inFlight());
                      return Response.of(200);
                    }));

    assertEquals(200, response.status());
    assertEquals(0, limit.inFlight());
  }

  @Test
  void releasesThePermitWhenTheHandlerThrows() {
    var limit = new ConcurrencyLimit(1, 1, Duration.ZERO);
    for (var i = 0; i < 3; i++) {
      assertThrows(
          IllegalStateException.class,
          () ->
              limit.filter(
                  REQUEST,
                  _ -> {
                    throw new IllegalStateException();
                  }));
    }
    assertEquals(200, limit.filter(REQUEST, _ -> Response.of(200)).status());
  }

  @Test
  void rejectsLimitsBelowOne() {
    assertThrows(IllegalArgumentException.class, () -> new ConcurrencyLimit(0, 1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> new ConcurrencyLimit(1, 0, Duration.ZERO));
  }

  @Test
  void releasesThePermitWhileWaitingForTheBody() {
    var limit = new ConcurrencyLimit(1, 1, Duration.ZERO);
    var body = new DelayedBody(() -> assertEquals(200, limit.filter(REQUEST, OK).status()));

    var response =
        limit.filter(
            REQUEST.with(body),
            request -> {
              assertEquals(5, request.body().bytes().length);
              assertEquals(1, limit.inFlight());
              rejection(limit);
              return Response.of(200);
            });

    assertEquals(200, response.status());
    assertEquals(0, limit.inFlight());
  }

  @Test
  void limitsTheNumberOfRequestsWaitingForTheirBodies() {
    var limit = new ConcurrencyLimit(10, 1, Duration.ZERO);
    var second = REQUEST.with(new DelayedBody(() -> fail("the limit waited for a second body")));
    var first =
        new DelayedBody(() -> assertThrows(ApiException.class, () -> limit.filter(second, READ)));

    assertEquals(200, limit.filter(REQUEST.with(first), READ).status());

    var third = REQUEST.with(new DelayedBody(() -> {}));
    assertEquals(200, limit.filter(third, READ).status(), "a body-wait permit is free again");
    assertEquals(0, limit.inFlight());
  }

  @Test
  void readsBufferedBodiesWithoutABodyWaitPermit() {
    var limit = new ConcurrencyLimit(10, 1, Duration.ZERO);
    var buffered = REQUEST.with(Body.of(new byte[5]));
    var late = new DelayedBody(() -> assertEquals(200, limit.filter(buffered, READ).status()));

    assertEquals(200, limit.filter(REQUEST.with(late), READ).status());
  }

  @Test
  void releasesThePermitsWhenReadingTheBodyFails() {
    var limit = new ConcurrencyLimit(1, 1, Duration.ZERO);
    for (var i = 0; i < 3; i++) {
      var cut =
          new DelayedBody(() -> {
            throw new IllegalStateException();
          });
      assertThrows(IllegalStateException.class, () -> limit.filter(REQUEST.with(cut), READ));
    }
    assertEquals(0, limit.inFlight());
    assertEquals(200, limit.filter(REQUEST.with(new DelayedBody(() -> {})), READ).status());
  }

  @Test
  void continuesWithoutAPermitAfterTheBodyWhenNoneIsFree() {
    var limit = new ConcurrencyLimit(1, 1, Duration.ZERO);
    try (var other = new OccupyingRequest(limit)) {
      var late = new DelayedBody(other::start);

      assertEquals(200, limit.filter(REQUEST.with(late), READ).status());
      assertEquals(1, limit.inFlight(), "the other request still has its permit");
    }
    assertEquals(0, limit.inFlight());
  }

  @Test
  void servesAQueuedRequestWhenAPermitBecomesFree() throws Exception {
    var limit = new ConcurrencyLimit(1, 1, Duration.ofMinutes(1));
    var response = new FutureTask<>(() -> limit.filter(REQUEST, OK));
    try (var other = new OccupyingRequest(limit)) {
      other.start();
      Thread.startVirtualThread(response);
      while (limit.queued() == 0) {
        Thread.onSpinWait();
      }
      assertFalse(response.isDone());
    }
    assertEquals(200, response.get().status());
  }

  @Test
  void rejectsAQueuedRequestWhenItIsInterrupted() {
    var limit = new ConcurrencyLimit(1, 1, Duration.ofMinutes(1));
    try (var other = new OccupyingRequest(limit)) {
      other.start();
      Thread.currentThread().interrupt();

      rejection(limit);

      assertTrue(Thread.interrupted(), "the interrupt stays pending for the request timeout");
      assertEquals(0, limit.queued());
    }
  }

  /** A request that occupies a permit until it is closed. */
  private static final class OccupyingRequest implements AutoCloseable {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final ConcurrencyLimit limit;

    OccupyingRequest(ConcurrencyLimit limit) {
      this.limit = limit;
    }

    void start() {
      Thread.startVirtualThread(() -> {
        limit.filter(REQUEST, _ -> block());
        finished.countDown();
      });
      await(entered);
    }

    private Response block() {
      entered.countDown();
      await(release);
      return Response.of(200);
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      release.countDown();
      await(finished);
    }
  }

  /** A body that is still arriving. Reading it runs {@code meanwhile} first. */
  private record DelayedBody(Runnable meanwhile) implements Body {
    @Override
    public boolean isBuffered() {
      return false;
    }

    @Override
    public byte[] bytes() {
      meanwhile.run();
      return new byte[5];
    }
  }

  private static ApiException rejection(ConcurrencyLimit limit) {
    return assertThrows(ApiException.class, () -> limit.filter(REQUEST, _ -> Response.of(200)));
  }
}
