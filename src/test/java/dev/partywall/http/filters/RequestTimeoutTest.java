package dev.partywall.http.filters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.WaitedRequest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTimeoutTest {
  private static final Request REQUEST =
      Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Watchdog watchdog = new Watchdog("request-timeout", Duration.ofNanos(10), now::get);
  private final RequestTimeout timeout = new RequestTimeout(watchdog, _ -> {});

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
  void countsTheTimeForWhichTheRequestWaitedForAProcessor() {
    var response =
        timeout.filter(
            WaitedRequest.of(Duration.ofNanos(4)),
            _ -> {
              advance(5);
              assertFalse(Thread.currentThread().isInterrupted());
              advance(1);
              return Response.of(Thread.currentThread().isInterrupted() ? 200 : 500);
            });

    assertEquals(200, response.status());
  }

  @Test
  void rejectsARequestThatWaitedForItsWholeTimeAtOnce() {
    var called = new AtomicBoolean();
    var rejected =
        assertThrows(
            ApiException.class,
            () ->
                timeout.filter(
                    WaitedRequest.of(Duration.ofNanos(10)),
                    _ -> {
                      called.set(true);
                      return Response.of(200);
                    }));

    assertInstanceOf(ApiError.Unavailable.class, rejected.error());
    assertFalse(called.get());
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
    var served = 0;
    for (var i = 0; i < 20_000; i++) {
      try {
        timeout.filter(REQUEST, _ -> Response.of(200));
        served++;
      } catch (ApiException e) { // the limit has expired before the request began
        assertInstanceOf(ApiError.Unavailable.class, e.error());
      }
      assertFalse(Thread.interrupted());
    }
    done.set(true);
    checker.join();
    assertTrue(served > 100, "the limit of most requests expired before they began");
  }

  @Test
  void interruptsFromTheThreadOfTheWatchdog() {
    try (var real = new Watchdog("request-timeout", Duration.ofMillis(1), System::nanoTime)) {
      var started = new RequestTimeout(real.start(), _ -> {});
      assertThrows(ApiException.class, () -> started.filter(REQUEST, _ -> block()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "150, 150",
    "9499, 9499",
    "9500, 9500",
    "9501, 9500",
    "999999999, 9500",
    "1, 100",
    "99, 100",
    // invalid values
    "0, 9500",
    "-1, 9500",
    "+150, 9500",
    "0150, 9500",
    "150.5, 9500",
    "1e2, 9500",
    "0x96, 9500",
    "'150, 200', 9500",
    "'', 9500",
    "1234567890, 9500",
    "99999999999999999999, 9500",
    "150ms, 9500",
  })
  void aCallerCanOnlyShortenTheLimit(String value, long expectedMillis) {
    assertEquals(Duration.ofMillis(expectedMillis), limitOf(value));
  }

  @Test
  void ignoresARepeatedLimit() {
    assertEquals(Duration.ofMillis(9_500), limitOf("150", "150"));
    assertEquals(Duration.ofMillis(9_500), limitOf());
  }

  /** Returns the limit of a request, which is interrupted exactly at its end. */
  private Duration limitOf(String... values) {
    var limit = new AtomicReference<>(Duration.ZERO);
    var limited = new Watchdog("request-timeout", Duration.ofMillis(9_500), now::get);
    var filter = new RequestTimeout(limited, deadline -> limit.set(deadline.remaining()));
    var headers = Headers.NONE;
    for (var value : values) {
      headers = headers.with("request-timeout-ms", value);
    }
    var request = Request.of("GET", RequestTarget.ROOT, headers, Body.NONE);
    var response =
        filter.filter(
            request,
            _ -> {
              now.addAndGet(limit.get().toNanos() - 1);
              limited.check();
              assertFalse(Thread.currentThread().isInterrupted());
              now.incrementAndGet();
              limited.check();
              return Response.of(Thread.currentThread().isInterrupted() ? 200 : 500);
            });
    assertEquals(200, response.status());
    return limit.get();
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
