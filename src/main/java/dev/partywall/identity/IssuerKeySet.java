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
 * A key set of an issuer (RFC 7517, section 5).
 *
 * @param byId the keys by key id; several keys may share an id, and each of them is tried
 * @param rejectionReasons why keys for signing were rejected; an unfit key does not affect the
 *     others
 */
record IssuerKeySet(Map<String, List<VerificationKey>> byId, List<String> rejectionReasons) {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeySet.class);

  /**
   * Reads a key set.
   *
   * @throws IOException if the document is not a key set
   */
  static IssuerKeySet read(JsonNode set) throws IOException {
    if (!set.path("keys").isArray()) {
      throw new IOException("the document is not a key set");
    }
    var byId = new HashMap<String, List<VerificationKey>>();
    var rejections = new ArrayList<String>();
    for (var entry : set.path("keys")) {
      if (isForAnotherUse(entry)) {
        LOG.debug("Ignored key with use {}", entry.path("use").textValue());
        continue;
      }
      try {
        var key = JwkReader.read(entry);
        byId.computeIfAbsent(key.id(), _ -> new ArrayList<>()).add(key);
      } catch (JwkReader.UnfitKeyException e) {
        rejections.add(e.getMessage());
      }
    }
    return new IssuerKeySet(Map.copyOf(byId), List.copyOf(rejections));
  }

  /** Returns whether the key has another use. Keycloak, for example, publishes encryption keys. */
  private static boolean isForAnotherUse(JsonNode entry) {
    return entry.path("use").isTextual() && !entry.path("use").textValue().equals("sig");
  }

  List<VerificationKey> withId(String id) {
    return byId.getOrDefault(id, List.of());
  }

  /** Returns whether this set contains the key, which may be from an earlier set. */
  boolean contains(VerificationKey key) {
    for (var candidate : withId(key.id())) {
      if (candidate.isSameAs(key)) {
        return true;
      }
    }
    return false;
  }
}
