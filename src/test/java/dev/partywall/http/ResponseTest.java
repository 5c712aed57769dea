package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ResponseTest {
  private static final List<UnaryOperator<Response>> COPIES =
      List.of(
          response -> response.with("A", "b"),
          response -> response.withAll(List.of(new Headers.Field("A", "b"))),
          response -> response.withETag(1),
          Response::asReplay,
          response -> response.onSent(_ -> {}));

  @Test
  void eachCopyHasThePause() {
    Runnable pause = () -> {};
    for (var copy : COPIES) {
      var changed = copy.apply(Response.json(429, "{}").withPause(pause));
      assertSame(pause, changed.pause().orElseThrow());
    }
  }
}
