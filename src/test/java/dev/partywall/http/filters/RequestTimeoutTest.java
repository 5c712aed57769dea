package dev.partywall.http.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestTimeoutTest {
  private static final Request REQUEST =
      Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Watchdog watchdog = new Watchdog("request-timeout", Duration.ofNanos(10), now::get);
  private final RequestTimeout timeout = new RequestTimeout(watchdog);

  @Test
  void doesNotInterruptARequestWithinTheLimit() {
    var response =
        timeout.filter(
            REQUEST,
            _ -> {
              advance(9);
              return Response.of(Thread.currentThread().isInterrupted() ? 500 : 200);
            });

    assertEquals(200, response.status());
  }

  @Test
  void interruptsAndRejectsARequestAboveTheLimit() {
    var rejected =
        assertThrows(
            ApiException.class,
            () ->
                timeout.filter(
                    REQUEST,
                    _ -> {
                      advance(10);
                      return block();
                    }));

    assertInstanceOf(ApiError.Unavailable.class, rejected.error());
    assertFalse(Thread.interrupted(), "the interrupt must not outlive the request");
  }

  @Test
  void interruptsAgainWhenTheHandlerSwallowsTheInterrupt() {
    assertThrows(
        ApiException.class,
        () ->
            timeout.filter(
                REQUEST,
                _ -> {
                  advance(10);
                  assertThrows(IllegalStateException.class, RequestTimeoutTest::block);
                  advance(0);
                  return block();
                }));
  }

  @Test
  void returnsALateResponse() {
    var response =
        timeout.filter(
            REQUEST,
            _ -> {
              advance(10);
              return Response.of(201);
            });

    assertEquals(201, response.status());
    assertFalse(Thread.interrupted(), "the interrupt must not affect writing the response");
  }

  @Test
  void propagatesExceptionsWithinTheLimit() {
    var fault = new IllegalStateException();

    var thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                timeout.filter(
                    REQUEST,
                    _ -> {
                      throw fault;
                    }));

    assertSame(fault, thrown);
  }

  @Test
  void neverInterruptsAfterTheRequest() throws InterruptedException {
    var done = new AtomicBoolean();
    var checker =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get()) {
                now.addAndGet(10);
                watchdog.check();
              }
            });
    for (var i = 0; i < 20_000; i++) {
      timeout.filter(REQUEST, _ -> Response.of(200));
      assertFalse(Thread.interrupted());
    }
    done.set(true);
    checker.join();
  }

  @Test
  void interruptsFromTheThreadOfTheWatchdog() {
    try (var real = new Watchdog("request-timeout", Duration.ofMillis(1), System::nanoTime)) {
      var started = new RequestTimeout(real.start());
      assertThrows(ApiException.class, () -> started.filter(REQUEST, _ -> block()));
    }
  }

  private void advance(long nanos) {
    now.addAndGet(nanos);
    watchdog.check();
  }

  private static Response block() {
    try {
      new CountDownLatch(1).await();
      return Response.of(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
