package dev.partywall.identity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All invalid tokens, and issuer keys with which each token has exactly one fault. */
final class TokenCases {
  private TokenCases() {}

  static List<InvalidToken> of(TokenForge forge) {
    InvalidEncodings.addTo(forge);
    InvalidHeaders.addTo(forge);
    InvalidSignatures.addTo(forge);
    InvalidDates.addTo(forge);
    InvalidClaims.addTo(forge);
    return forge.invalidTokens();
  }

  /** Publishes one key of each kind, and the unfit keys. */
  static void publishKeys(AuthenticationFixture fixture) {
    var keys = new ArrayList<Map<String, Object>>();
    List.of(KeyPairs.RSA, KeyPairs.P256, KeyPairs.P384, KeyPairs.P521, KeyPairs.ED25519)
        .forEach(key -> keys.add(key.jwk()));
    var restricted = new LinkedHashMap<>(KeyPairs.RSA.withId("rs256-only").jwk());
    restricted.put("alg", "RS256");
    keys.add(restricted);
    UnfitKey.KEYS.forEach(unfit -> keys.add(unfit.jwk()));
    fixture.issuer.publish(keys);
    fixture.refresh();
  }
}
