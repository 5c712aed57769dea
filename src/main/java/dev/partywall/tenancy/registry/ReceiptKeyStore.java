package dev.partywall.tenancy.registry;

import java.util.Map;

/**
 * The public keys that have signed receipts. No key is ever removed. Every method throws {@link
 * dev.partywall.error.ApiException} as {@code Unavailable} if the registry is unavailable.
 */
public interface ReceiptKeyStore {
  /** Returns all keys as JSON Web Keys, by their ids. The read is consistent. */
  Map<String, String> all();

  /**
   * Adds a key. Has no effect if the key is stored already.
   *
   * @param id the JWK thumbprint (RFC 7638)
   * @param jwk the JSON Web Key, without private members
   */
  void add(String id, String jwk);
}
