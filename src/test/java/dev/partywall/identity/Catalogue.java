package dev.partywall.identity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All invalid tokens, and issuer keys with which each token has exactly one fault. */
final class Catalogue {
  private Catalogue() {}

  static List<WrongToken> of(Forge forge) {
    WrongSpellings.addTo(forge);
    WrongHeaders.addTo(forge);
    WrongSignatures.addTo(forge);
    WrongDates.addTo(forge);
    WrongClaims.addTo(forge);
    return forge.made();
  }

  /** Publishes one key of each kind, and the unfit keys. */
  static void publishKeys(Gatehouse gatehouse) {
    var keys = new ArrayList<Map<String, Object>>();
    List.of(Pairs.RSA, Pairs.P256, Pairs.P384, Pairs.P521, Pairs.ED25519)
        .forEach(key -> keys.add(key.jwk()));
    var restricted = new LinkedHashMap<>(Pairs.RSA.named("rs256-only").jwk());
    restricted.put("alg", "RS256");
    keys.add(restricted);
    Unfit.KEYS.forEach(unfit -> keys.add(unfit.jwk()));
    gatehouse.issuer.publish(keys);
    gatehouse.refresh();
  }
}
