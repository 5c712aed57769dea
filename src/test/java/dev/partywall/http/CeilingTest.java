package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class CeilingTest {
  private static final Request REQUEST = Request.of("GET", Target.ROOT, Headers.NONE, Body.NONE);
  private static final Handler OK = _ -> Response.of(200);
  private static final Handler READ = request -> Response.json(200, request.body().bytes());

  @Test
  void sendsAwayWhoIsOneTooManyAndNobodyElse() {
    var ceiling = new Ceiling(2, 1, Duration.ZERO);

    var response =
        ceiling.filter(
            REQUEST,
            _ ->
                ceiling.filter(
                    REQUEST,
                    _ -> {
                      var refused = refused(ceiling);
                      assertInstanceOf(Refusal.Unavailable.class, refused.refusal());
                      assertEquals(2, ceiling.inHand());
                      return Response.of(200);
                    }));

    assertEquals(200, response.status());
    assertEquals(0, ceiling.inHand());
  }

  @Test
  void countsOutWhoFailed() {
    var ceiling = new Ceiling(1, 1, Duration.ZERO);
    for (var i = 0; i < 3; i++) {
      assertThrows(
          IllegalStateException.class,
          () ->
              ceiling.filter(
                  REQUEST,
                  _ -> {
                    throw new IllegalStateException();
                  }));
    }
    assertEquals(200, ceiling.filter(REQUEST, _ -> Response.of(200)).status());
  }

  @Test
  void cannotBeSoLowThatNothingPasses() {
    assertThrows(IllegalArgumentException.class, () -> new Ceiling(0, 1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> new Ceiling(1, 0, Duration.ZERO));
  }

  @Test
  void givesThePlaceOfOneWhoseBodyIsOnItsWayToSomebodyElse() {
    var ceiling = new Ceiling(1, 1, Duration.ZERO);
    var body = new Late(() -> assertEquals(200, ceiling.filter(REQUEST, OK).status()));

    var response =
        ceiling.filter(
            REQUEST.with(body),
            request -> {
              assertEquals(5, request.body().bytes().length);
              assertEquals(1, ceiling.inHand());
              refused(ceiling);
              return Response.of(200);
            });

    assertEquals(200, response.status());
    assertEquals(0, ceiling.inHand());
  }

  @Test
  void waitsForNoMoreBodiesThanThereIsRoomFor() {
    var ceiling = new Ceiling(10, 1, Duration.ZERO);
    var second = REQUEST.with(new Late(() -> fail("it is waited for")));
    var first = new Late(() -> assertThrows(Refused.class, () -> ceiling.filter(second, READ)));

    assertEquals(200, ceiling.filter(REQUEST.with(first), READ).status());

    var third = REQUEST.with(new Late(() -> {}));
    assertEquals(200, ceiling.filter(third, READ).status(), "there is room again");
    assertEquals(0, ceiling.inHand());
  }

  @Test
  void readsABodyThatIsHereWhateverElseIsWaitedFor() {
    var ceiling = new Ceiling(10, 1, Duration.ZERO);
    var here = REQUEST.with(Body.of(new byte[5]));
    var late = new Late(() -> assertEquals(200, ceiling.filter(here, READ).status()));

    assertEquals(200, ceiling.filter(REQUEST.with(late), READ).status());
  }

  @Test
  void countsOutWhoWasWaitedForInVain() {
    var ceiling = new Ceiling(1, 1, Duration.ZERO);
    for (var i = 0; i < 3; i++) {
      var cut =
          new Late(() -> {
            throw new IllegalStateException();
          });
      assertThrows(IllegalStateException.class, () -> ceiling.filter(REQUEST.with(cut), READ));
    }
    assertEquals(0, ceiling.inHand());
    assertEquals(200, ceiling.filter(REQUEST.with(new Late(() -> {})), READ).status());
  }

  @Test
  void goesOnWithoutAPlaceWhenTheBodyWasWaitedForAndTheirsIsTaken() {
    var ceiling = new Ceiling(1, 1, Duration.ZERO);
    try (var other = new Holder(ceiling)) {
      var late = new Late(other::hold);

      assertEquals(200, ceiling.filter(REQUEST.with(late), READ).status());
      assertEquals(1, ceiling.inHand(), "the other one's place is still taken");
    }
    assertEquals(0, ceiling.inHand());
  }

  @Test
  void letsInWhoWaitedUntilThereWasRoom() throws Exception {
    var ceiling = new Ceiling(1, 1, Duration.ofMinutes(1));
    var answer = new FutureTask<>(() -> ceiling.filter(REQUEST, OK));
    try (var other = new Holder(ceiling)) {
      other.hold();
      Thread.startVirtualThread(answer);
      while (ceiling.inLine() == 0) {
        Thread.onSpinWait();
      }
      assertFalse(answer.isDone());
    }
    assertEquals(200, answer.get().status());
  }

  @Test
  void sendsAwayWhoseTimeIsOverWhileItWaits() {
    var ceiling = new Ceiling(1, 1, Duration.ofMinutes(1));
    try (var other = new Holder(ceiling)) {
      other.hold();
      Thread.currentThread().interrupt();

      refused(ceiling);

      assertTrue(Thread.interrupted(), "whoever set the deadline still sees it");
      assertEquals(0, ceiling.inLine());
    }
  }

  /** Another request, which takes a place and keeps it until this is closed. */
  private static final class Holder implements AutoCloseable {
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final Ceiling ceiling;

    Holder(Ceiling ceiling) {
      this.ceiling = ceiling;
    }

    void hold() {
      Thread.startVirtualThread(() -> {
        ceiling.filter(REQUEST, _ -> stay());
        gone.countDown();
      });
      await(inside);
    }

    private Response stay() {
      inside.countDown();
      await(end);
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
      end.countDown();
      await(gone);
    }
  }

  /** A body that is on its way; something happens while it is waited for. */
  private record Late(Runnable meanwhile) implements Body {
    @Override
    public boolean isHere() {
      return false;
    }

    @Override
    public byte[] bytes() {
      meanwhile.run();
      return new byte[5];
    }
  }

  private static Refused refused(Ceiling ceiling) {
    return assertThrows(Refused.class, () -> ceiling.filter(REQUEST, _ -> Response.of(200)));
  }
}
