package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.http.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenListenerTest {
  @Test
  void reportsOneMissAndThenHits() {
    try (var gatehouse = Gatehouse.open()) {
      var token = gatehouse.signed();
      gatehouse.ask(token);
      gatehouse.ask(token);
      gatehouse.ask(token);
      assertEquals(List.of("miss", "hit", "hit"), gatehouse.lookUps);
    }
  }

  @Test
  void reportsAMissForEachUseOfAnInvalidToken() {
    try (var gatehouse = Gatehouse.open()) {
      assertThrows(Refused.class, () -> gatehouse.ask("e30.e30.AA"));
      assertThrows(Refused.class, () -> gatehouse.ask("e30.e30.AA"));
      assertEquals(List.of("miss", "miss"), gatehouse.lookUps);
    }
  }
}
