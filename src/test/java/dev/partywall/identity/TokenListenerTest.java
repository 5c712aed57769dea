package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenListenerTest {
  @Test
  void reportsOneMissAndThenHits() {
    try (var gatehouse = AuthenticationFixture.withKeys()) {
      var token = gatehouse.signedToken();
      gatehouse.send(token);
      gatehouse.send(token);
      gatehouse.send(token);
      assertEquals(List.of("miss", "hit", "hit"), gatehouse.cacheLookups);
    }
  }

  @Test
  void reportsAMissForEachUseOfAnInvalidToken() {
    try (var gatehouse = AuthenticationFixture.withKeys()) {
      assertThrows(ApiException.class, () -> gatehouse.send("e30.e30.AA"));
      assertThrows(ApiException.class, () -> gatehouse.send("e30.e30.AA"));
      assertEquals(List.of("miss", "miss"), gatehouse.cacheLookups);
    }
  }
}
