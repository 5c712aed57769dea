package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private static final Request REQUEST = Request.of("GET", Target.ROOT, Headers.NONE, Body.NONE);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Deadline timeout = new Deadline(Duration.ofNanos(10), now::get);

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
            Refused.class,
            () ->
                timeout.filter(
                    REQUEST,
                    _ -> {
                      advance(10);
                      return block();
                    }));

    assertInstanceOf(Refusal.Unavailable.class, rejected.refusal());
    assertFalse(Thread.interrupted(), "the interrupt must not outlive the request");
  }

  @Test
  void interruptsAgainWhenTheHandlerSwallowsTheInterrupt() {
    assertThrows(
        Refused.class,
        () ->
            timeout.filter(
                REQUEST,
                _ -> {
                  advance(10);
                  assertThrows(IllegalStateException.class, DeadlineTest::block);
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
    var sweeper =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get()) {
                now.addAndGet(10);
                timeout.sweep();
              }
            });
    for (var i = 0; i < 20_000; i++) {
      timeout.filter(REQUEST, _ -> Response.of(200));
      assertFalse(Thread.interrupted());
    }
    done.set(true);
    sweeper.join();
  }

  @Test
  void interruptsFromItsOwnWatchdogThread() {
    try (var real = new Deadline(Duration.ofMillis(1))) {
      assertThrows(Refused.class, () -> real.filter(REQUEST, _ -> block()));
    }
  }

  private void advance(long nanos) {
    now.addAndGet(nanos);
    timeout.sweep();
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
