package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
  private final Gatehouse gatehouse = Gatehouse.open();
  private final VerifiedToken token = gatehouse.verify(gatehouse.signed());
  private final VerifiedTokens tokens = new VerifiedTokens(10);

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void whatIsPutIsThereUntilItIsRemoved() {
    tokens.put(named(1), token);
    assertSame(token, tokens.get(named(1)));
    assertNull(tokens.get(named(2)));
    tokens.remove(named(1));
    assertNull(tokens.get(named(1)));
  }

  @Test
  void neverMoreThanTwoGenerationsAreHeld() {
    for (var i = 0; i < 1_000; i++) {
      tokens.put(named(i), token);
      assertTrue(tokens.size() <= 20);
    }
    assertSame(token, tokens.get(named(999)));
    assertNull(tokens.get(named(0)));
  }

  @Test
  void whatIsAskedForOutlivesWhatIsNot() {
    tokens.put(named(0), token);
    tokens.put(named(1), token);
    for (var i = 2; i < 1_000; i++) {
      tokens.put(named(i), token);
      assertSame(token, tokens.get(named(0)));
    }
    assertNull(tokens.get(named(1)));
  }

  @Test
  void fingerprintsAreTheSha256OfTheToken() {
    // The first vector of FIPS 180-4's examples.
    assertEquals(
        new Fingerprint(
            0xba7816bf8f01cfeaL, 0x414140de5dae2223L, 0xb00361a396177a9cL, 0xb410ff61f20015adL),
        Fingerprint.of("abc"));
    assertNotEquals(Fingerprint.of("abc"), Fingerprint.of("abd"));
  }

  private static Fingerprint named(int i) {
    return Fingerprint.of("token " + i);
  }
}
