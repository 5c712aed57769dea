package dev.partywall.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import dev.partywall.Silence;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;

/** A token, who judges it, and its parts for who looks at nothing but the signature. */
final class Verification implements AutoCloseable {
  private final LocalIssuer issuer;
  private final TokenVerifier verifier;
  private final Algorithm algorithm;
  private final String token;
  private final JWSHeader header;
  private final byte[] signed;
  private final Base64URL signature;

  Verification(Algorithm algorithm) throws Exception {
    Silence.log();
    this.algorithm = algorithm;
    issuer = new LocalIssuer();
    verifier = new TokenVerifier(LocalIssuer.trust(), issuer.trusted());
    token = issuer.token(algorithm);
    var parts = CompactToken.parse(token);
    header = JWSHeader.parse(new Base64URL(parts.header()));
    signed = parts.signingInput();
    signature = new Base64URL(parts.signature());
  }

  /** The public key, as nimbus has it. */
  JWK key() {
    return issuer.key(algorithm);
  }

  /** The public key, as the JDK has it. */
  PublicKey publicKey() {
    return issuer.publicKey(algorithm);
  }

  /** From the first letter to the last claim. */
  VerifiedToken whole() {
    return verifier.verify(token, System.currentTimeMillis());
  }

  /** Nimbus's check of the signature. */
  boolean signature(JWSVerifier nimbus) throws JOSEException {
    return nimbus.verify(header, signed, signature);
  }

  /** The JDK's check of the signature, where nimbus has none. */
  boolean signature(PublicKey key) throws GeneralSecurityException {
    var jdk = Signature.getInstance("Ed25519");
    jdk.initVerify(key);
    jdk.update(signed);
    return jdk.verify(signature.decode());
  }

  @Override
  public void close() {
    issuer.close();
  }
}
