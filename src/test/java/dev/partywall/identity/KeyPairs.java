package dev.partywall.identity;

import dev.partywall.local.LocalKey;

/** One key pair of each kind, generated once for all tests. */
final class KeyPairs {
  static final LocalKey RSA = LocalKey.rsa("rsa", 2048);
  static final LocalKey ISSUER = LocalKey.rsa("issuers", 2048);
  static final LocalKey OTHER_RSA = LocalKey.rsa("other-rsa", 2048);
  static final LocalKey OPERATORS = LocalKey.edwards("operators", "Ed25519");
  static final LocalKey P256 = LocalKey.ec("p256", "secp256r1");
  static final LocalKey P384 = LocalKey.ec("p384", "secp384r1");
  static final LocalKey P521 = LocalKey.ec("p521", "secp521r1");
  static final LocalKey ED25519 = LocalKey.edwards("ed25519", "Ed25519");

  private KeyPairs() {}

  /** Returns the key pair for the algorithm. */
  static LocalKey of(String algorithm) {
    return switch (algorithm) {
      case "ES256" -> P256;
      case "ES384" -> P384;
      case "ES512" -> P521;
      case "EdDSA", "Ed25519" -> ED25519;
      default -> RSA;
    };
  }
}
