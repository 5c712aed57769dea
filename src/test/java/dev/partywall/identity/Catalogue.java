package dev.partywall.identity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All wrong tokens, and an issuer whose keys are such that nothing else about them is wrong. */
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

  /** Lets the issuer publish one key of each kind, and the unfit ones beside them. */
  static void publishKeys(Gatehouse gatehouse) {
    var keys = new ArrayList<Map<String, Object>>();
    List.of(Pairs.RSA, Pairs.P256, Pairs.P384, Pairs.P521, Pairs.ED25519)
        .forEach(key -> keys.add(key.jwk()));
    var narrow = new LinkedHashMap<>(Pairs.RSA.named("rs256-only").jwk());
    narrow.put("alg", "RS256");
    keys.add(narrow);
    Unfit.KEYS.forEach(unfit -> keys.add(unfit.jwk()));
    gatehouse.issuer.publish(keys);
    gatehouse.refresh();
  }
}
