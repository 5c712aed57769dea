package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenCacheTest {
  private final AuthenticationFixture gatehouse = AuthenticationFixture.withKeys();
  private final VerifiedToken token = gatehouse.verify(gatehouse.signedToken());
  private final TokenCache tokens = new TokenCache(10);

  @AfterEach
  void close() {
    gatehouse.close();
  }

  @Test
  void returnsATokenUntilItIsRemoved() {
    tokens.put(fingerprint(1), token);
    assertSame(token, tokens.get(fingerprint(1)));
    assertNull(tokens.get(fingerprint(2)));
    tokens.remove(fingerprint(1));
    assertNull(tokens.get(fingerprint(1)));
  }

  @Test
  void keepsAtMostTwoGenerations() {
    for (var i = 0; i < 1_000; i++) {
      tokens.put(fingerprint(i), token);
      assertTrue(tokens.size() <= 20);
    }
    assertSame(token, tokens.get(fingerprint(999)));
    assertNull(tokens.get(fingerprint(0)));
  }

  @Test
  void keepsTokensInUseLongerThanOthers() {
    tokens.put(fingerprint(0), token);
    tokens.put(fingerprint(1), token);
    for (var i = 2; i < 1_000; i++) {
      tokens.put(fingerprint(i), token);
      assertSame(token, tokens.get(fingerprint(0)));
    }
    assertNull(tokens.get(fingerprint(1)));
  }

  @Test
  void computesFingerprintsWithSha256() {
    // The first test vector of the FIPS 180-4 examples.
    assertEquals(
        new Fingerprint(
            0xba7816bf8f01cfeaL, 0x414140de5dae2223L, 0xb00361a396177a9cL, 0xb410ff61f20015adL),
        Fingerprint.of("abc"));
    assertNotEquals(Fingerprint.of("abc"), Fingerprint.of("abd"));
  }

  private static Fingerprint fingerprint(int i) {
    return Fingerprint.of("token " + i);
  }
}
