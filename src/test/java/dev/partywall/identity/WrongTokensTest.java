package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests that each invalid token is rejected; each has one fault compared to a valid token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongTokensTest {
  private final Gatehouse gatehouse = new Gatehouse();
  private final Forge forge = new Forge(gatehouse);
  private final List<WrongToken> invalidTokens = Catalogue.of(forge);

  @BeforeAll
  void publishKeys() {
    Catalogue.publishKeys(gatehouse);
  }

  @AfterAll
  void close() {
    gatehouse.close();
  }

  @Test
  void acceptsTheValidTokenThatTheOthersDeriveFrom() {
    assertEquals("acme", gatehouse.verify(Forge.signed(forge.right())).caller().tenant().value());
    assertEquals(200, gatehouse.ask(Forge.signed(forge.right())).status());
  }

  @ParameterizedTest
  @FieldSource("invalidTokens")
  void rejectsEachTokenForItsReason(WrongToken invalid) {
    var rejected = assertThrows(RejectedToken.class, () -> gatehouse.verify(invalid.text()));
    assertEquals(invalid.reason(), rejected.reason());
  }

  @ParameterizedTest
  @FieldSource("invalidTokens")
  void respondsWithoutTheReason(WrongToken invalid) {
    if (!invalid.canBeSent()) {
      assertThrows(IllegalArgumentException.class, () -> gatehouse.ask(invalid.text()));
      return;
    }
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(invalid.text()));
    assertEquals(new Refusal.Unauthenticated(true), refused.refusal());
    var rejected = assertInstanceOf(RejectedToken.class, refused.getCause());
    assertEquals(invalid.reason(), rejected.reason());
  }

  @Test
  void containsManyTokensWithUniqueNames() {
    assertTrue(invalidTokens.size() >= 100, () -> "only " + invalidTokens.size());
    var names = new HashSet<String>();
    invalidTokens.forEach(invalid -> assertTrue(names.add(invalid.name()), invalid::name));
  }

  @Test
  void coversEveryReason() {
    var missing = EnumSet.allOf(Rejection.class);
    invalidTokens.forEach(invalid -> missing.remove(invalid.reason()));
    // These two concern the request, not the token.
    assertEquals(EnumSet.of(Rejection.NO_BEARER, Rejection.SEVERAL_AUTHORIZATIONS), missing);
  }
}
