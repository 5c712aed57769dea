package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenListenerTest {
  @Test
  void reportsOneMissAndThenHits() {
    try (var fixture = AuthenticationFixture.withKeys()) {
      var token = fixture.signedToken();
      fixture.send(token);
      fixture.send(token);
      fixture.send(token);
      assertEquals(List.of("miss", "hit", "hit"), fixture.cacheLookups);
    }
  }

  @Test
  void reportsAMissForEachUseOfAnInvalidToken() {
    try (var fixture = AuthenticationFixture.withKeys()) {
      assertThrows(ApiException.class, () -> fixture.send("e30.e30.AA"));
      assertThrows(ApiException.class, () -> fixture.send("e30.e30.AA"));
      assertEquals(List.of("miss", "miss"), fixture.cacheLookups);
    }
  }
}
