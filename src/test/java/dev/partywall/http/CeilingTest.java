package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CeilingTest {
  private static final Request REQUEST = Request.of("GET", Target.ROOT, Headers.NONE, Body.NONE);

  @Test
  void sendsAwayWhoIsOneTooManyAndNobodyElse() {
    var ceiling = new Ceiling(2);

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
    var ceiling = new Ceiling(1);
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
    assertThrows(IllegalArgumentException.class, () -> new Ceiling(0));
  }

  private static Refused refused(Ceiling ceiling) {
    return assertThrows(Refused.class, () -> ceiling.filter(REQUEST, _ -> Response.of(200)));
  }
}
