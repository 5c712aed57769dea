package dev.partywall.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.partywall.Silence;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;

/** A token, who judges it, and its parts for who looks at nothing but the signature. */
final class Verification implements AutoCloseable {
  private final LocalIssuer issuer;
  private final TokenVerifier verifier;
  private final String token;
  private final JWSHeader header;
  private final byte[] signed;
  private final Base64URL signature;
  private final Bare bare;

  /** A check of the signature, without a look at anything else. */
  @FunctionalInterface
  private interface Bare {
    boolean holds() throws Exception;
  }

  Verification(Algorithm algorithm) throws Exception {
    Silence.log();
    issuer = new LocalIssuer();
    verifier = new TokenVerifier(LocalIssuer.trust(), issuer.trusted());
    token = issuer.token(algorithm);
    var parts = CompactToken.parse(token);
    header = JWSHeader.parse(new Base64URL(parts.header()));
    signed = parts.signingInput();
    signature = new Base64URL(parts.signature());
    bare = bare(algorithm);
  }

  /** From the first letter to the last claim. */
  VerifiedToken whole() {
    return verifier.verify(token, System.currentTimeMillis());
  }

  /** The signature alone. */
  boolean signature() throws Exception {
    return bare.holds();
  }

  private Bare bare(Algorithm algorithm) throws JOSEException {
    var key = issuer.key(algorithm);
    return switch (algorithm) {
      case RS256 -> nimbus(new RSASSAVerifier(key.toRSAKey()));
      case ES256 -> nimbus(new ECDSAVerifier(key.toECKey()));
      case EDDSA -> () -> jdk(issuer.publicKey(algorithm));
    };
  }

  private Bare nimbus(JWSVerifier library) {
    return () -> library.verify(header, signed, signature);
  }

  private boolean jdk(PublicKey key) throws GeneralSecurityException {
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
