package dev.partywall.bench.jmh;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** Signature algorithms (RFC 7518, RFC 8037), one of each family. */
public enum Algorithm {
  RS256("RSA", "SHA256withRSA", new RSAKeyGenParameterSpec(2_048, RSAKeyGenParameterSpec.F4)),
  ES256("EC", "SHA256withECDSAinP1363Format", new ECGenParameterSpec("secp256r1")),
  EDDSA("Ed25519", "Ed25519", NamedParameterSpec.ED25519);

  private final String keyAlgorithm;
  private final String signature;
  private final AlgorithmParameterSpec keyParameters;

  Algorithm(String keyAlgorithm, String signature, AlgorithmParameterSpec keyParameters) {
    this.keyAlgorithm = keyAlgorithm;
    this.signature = signature;
    this.keyParameters = keyParameters;
  }

  /** Returns the value of the {@code alg} header parameter. */
  String jwsName() {
    return this == EDDSA ? "EdDSA" : name();
  }

  KeyPair generateKeyPair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance(keyAlgorithm);
    generator.initialize(keyParameters);
    return generator.generateKeyPair();
  }

  byte[] sign(KeyPair keys, byte[] text) throws GeneralSecurityException {
    var signer = Signature.getInstance(signature);
    signer.initSign(keys.getPrivate());
    signer.update(text);
    return signer.sign();
  }
}
