package dev.partywall.operations.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import dev.partywall.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Verifies receipts with a set of public keys, without any call.
 *
 * @param keys the keys by their thumbprint
 */
record ReceiptVerifier(Map<String, PublicReceiptKey> keys) {
  /** Thrown for a receipt that is not valid; the message is the reason. */
  static final class InvalidReceiptException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidReceiptException(String reason) {
      super(reason);
    }
  }

  /** Copies the map, which makes the record immutable. */
  ReceiptVerifier {
    keys = Map.copyOf(keys);
  }

  /**
   * Reads a key set (RFC 7517, section 5). Ignores keys of other types.
   *
   * @throws MalformedJsonException if the document is not JSON
   */
  static ReceiptVerifier of(byte[] keySet) {
    var keys = new HashMap<String, PublicReceiptKey>();
    for (var entry : Json.parse(keySet).path("keys")) {
      PublicReceiptKey.parse(entry.toString()).ifPresent(key -> keys.put(key.id(), key));
    }
    return new ReceiptVerifier(keys);
  }

  /**
   * Returns the receipt in a compact serialization (RFC 7515, section 7.1). White space at its end
   * is permitted.
   *
   * @throws InvalidReceiptException if the signature or the content is not valid
   */
  Receipt verify(byte[] document) throws InvalidReceiptException {
    var text = new String(document, StandardCharsets.ISO_8859_1).stripTrailing();
    var parts = text.split("\\.", -1);
    require(parts.length == 3, "it is not a JWS in compact form");
    var header = json(decode(parts[0]), "header");
    var payload = decode(parts[1]);
    checkHeader(header);
    var input = text.substring(0, text.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    checkSignature(header.path("kid").asText(), input, decode(parts[2]));
    return receipt(json(payload, "payload"));
  }

  private static void checkHeader(JsonNode header) throws InvalidReceiptException {
    require(header.path("alg").asText().equals(Receipt.ALGORITHM), "alg is not EdDSA");
    require(header.path("typ").asText().equals(Receipt.TYPE), "typ is not " + Receipt.TYPE);
    // The signer demands that a verifier understands these extensions (RFC 7515, section 4.1.11).
    require(!header.has("crit"), "the header has the member crit");
    require(header.path("kid").asText().matches("[A-Za-z0-9_-]{43}"), "kid is not a thumbprint");
  }

  private void checkSignature(String kid, byte[] input, byte[] signature)
      throws InvalidReceiptException {
    var key = keys.get(kid);
    if (key == null) {
      throw new InvalidReceiptException("the key set does not contain the key " + kid);
    }
    try {
      require(key.isValid(input, signature), "the signature is wrong");
    } catch (GeneralSecurityException _) {
      throw new InvalidReceiptException("the signature cannot be checked");
    }
  }

  private static Receipt receipt(JsonNode payload) throws InvalidReceiptException {
    var faults = new Faults();
    var receipt = ReceiptCheck.read(payload, faults);
    require(faults.isEmpty(), String.join("; ", faults.lines()));
    return receipt;
  }

  private static JsonNode json(byte[] bytes, String name) throws InvalidReceiptException {
    try {
      return Json.parse(bytes);
    } catch (MalformedJsonException e) {
      throw new InvalidReceiptException("the " + name + " " + e.getMessage());
    }
  }

  /** Decodes only the canonical form, because one receipt must not have several spellings. */
  private static byte[] decode(String part) throws InvalidReceiptException {
    try {
      var bytes = Base64.getUrlDecoder().decode(part);
      require(
          Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part),
          "a part is not in canonical base64url");
      return bytes;
    } catch (IllegalArgumentException _) {
      throw new InvalidReceiptException("a part is not in base64url");
    }
  }

  private static void require(boolean condition, String reason) throws InvalidReceiptException {
    if (!condition) {
      throw new InvalidReceiptException(reason);
    }
  }
}
