package dev.partywall.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An issuer's keys at one moment (RFC 7517, section 5).
 *
 * @param named by key id; an id that names several keys is allowed, and each of them is tried
 * @param leftOut why a key was that is meant for signing: one unfit key does not spoil the others
 */
record SigningKeys(Map<String, List<SigningKey>> named, List<String> leftOut) {
  private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);

  /**
   * Reads a set.
   *
   * @throws IOException when it is no set at all
   */
  static SigningKeys read(JsonNode set) throws IOException {
    if (!set.path("keys").isArray()) {
      throw new IOException("not a set of keys");
    }
    var named = new HashMap<String, List<SigningKey>>();
    var leftOut = new ArrayList<String>();
    for (var entry : set.path("keys")) {
      if (isForAnotherUse(entry)) {
        LOG.debug("passed over a key for {}", entry.path("use").textValue());
        continue;
      }
      try {
        var key = JwkReader.read(entry);
        named.computeIfAbsent(key.id(), _ -> new ArrayList<>()).add(key);
      } catch (UnfitKeyException e) {
        leftOut.add(e.getMessage());
      }
    }
    return new SigningKeys(Map.copyOf(named), List.copyOf(leftOut));
  }

  /**
   * Keycloak, say, publishes keys for encryption beside the others: nothing is wrong with those.
   */
  private static boolean isForAnotherUse(JsonNode entry) {
    return entry.path("use").isTextual() && !entry.path("use").textValue().equals("sig");
  }

  List<SigningKey> with(String id) {
    return named.getOrDefault(id, List.of());
  }

  /** Whether that key, perhaps of an earlier set, is still among these. */
  boolean hold(SigningKey key) {
    for (var candidate : with(key.id())) {
      if (candidate.isSameAs(key)) {
        return true;
      }
    }
    return false;
  }
}
