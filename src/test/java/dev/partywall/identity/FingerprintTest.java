package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.identity.Authenticate.Fingerprint;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  @Test
  void computesFingerprintsWithSha256() {
    // The first test vector of the FIPS 180-4 examples.
    assertEquals(
        new Fingerprint(
            0xba7816bf8f01cfeaL, 0x414140de5dae2223L, 0xb00361a396177a9cL, 0xb410ff61f20015adL),
        Fingerprint.of("abc"));
    assertNotEquals(Fingerprint.of("abc"), Fingerprint.of("abd"));
  }
}
