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

/** The catalogue: each of these is one step away from a token that holds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongTokensTest {
  private final Gatehouse gatehouse = new Gatehouse();
  private final Forge forge = new Forge(gatehouse);
  private final List<WrongToken> catalogue = Catalogue.of(forge);

  @BeforeAll
  void publishKeys() {
    Catalogue.publishKeys(gatehouse);
  }

  @AfterAll
  void close() {
    gatehouse.close();
  }

  @Test
  void theTokenThatTheyAreMadeFromHolds() {
    assertEquals("acme", gatehouse.verify(Forge.signed(forge.right())).caller().tenant().value());
    assertEquals(200, gatehouse.ask(Forge.signed(forge.right())).status());
  }

  @ParameterizedTest
  @FieldSource("catalogue")
  void isRefusedForThatReason(WrongToken wrong) {
    var rejected = assertThrows(RejectedToken.class, () -> gatehouse.verify(wrong.text()));
    assertEquals(wrong.reason(), rejected.reason());
  }

  @ParameterizedTest
  @FieldSource("catalogue")
  void isRefusedAtTheDoorAndTheReasonStaysInside(WrongToken wrong) {
    if (!wrong.canBeSent()) {
      assertThrows(IllegalArgumentException.class, () -> gatehouse.ask(wrong.text()));
      return;
    }
    var refused = assertThrows(Refused.class, () -> gatehouse.ask(wrong.text()));
    assertEquals(new Refusal.Unauthenticated(true), refused.refusal());
    var inside = assertInstanceOf(RejectedToken.class, refused.getCause());
    assertEquals(wrong.reason(), inside.reason());
  }

  @Test
  void theCatalogueIsLargeAndEachNameStandsForOneToken() {
    assertTrue(catalogue.size() >= 100, () -> "only " + catalogue.size());
    var names = new HashSet<String>();
    catalogue.forEach(wrong -> assertTrue(names.add(wrong.name()), wrong::name));
  }

  @Test
  void everyReasonIsCovered() {
    var missing = EnumSet.allOf(Rejection.class);
    catalogue.forEach(wrong -> missing.remove(wrong.reason()));
    // These two are no matter of the token itself.
    assertEquals(EnumSet.of(Rejection.NO_BEARER, Rejection.SEVERAL_AUTHORIZATIONS), missing);
  }
}
