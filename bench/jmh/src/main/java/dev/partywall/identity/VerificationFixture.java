package dev.partywall.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.partywall.bench.jmh.Algorithm;
import dev.partywall.bench.jmh.BenchIssuer;
import dev.partywall.bench.jmh.DiscardedOutput;
import dev.partywall.tenancy.admission.UnauthenticatedLimit;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;

/** A token with its verifier, and its decoded parts for a signature check alone. */
public final class VerificationFixture implements AutoCloseable {
  private final BenchIssuer issuer;
  private final TokenVerifier verifier;
  private final String token;
  private final JWSHeader header;
  private final byte[] signingInput;
  private final Base64URL encodedSignature;
  private final SignatureOnly signatureOnly;

  /** Checks only the signature. */
  @FunctionalInterface
  private interface SignatureOnly {
    boolean isValid() throws Exception;
  }

  /** Starts an issuer, and verifies with its keys. */
  public VerificationFixture(Algorithm algorithm) throws Exception {
    DiscardedOutput.install();
    issuer = new BenchIssuer();
    verifier =
        new TokenVerifier(
            BenchIssuer.policy(), issuer.trustedIssuers(), new UnauthenticatedLimit(2, 100));
    token = issuer.token(algorithm);
    var parts = CompactToken.parse(token);
    header = JWSHeader.parse(new Base64URL(parts.header()));
    signingInput = parts.signingInput();
    encodedSignature = new Base64URL(parts.signature());
    signatureOnly = signatureOnly(algorithm);
  }

  /** Verifies the token completely. */
  public Object verifyToken() {
    return verifier.verify(token, System.currentTimeMillis());
  }

  /** Checks only the signature. */
  public boolean checkSignature() throws Exception {
    return signatureOnly.isValid();
  }

  private SignatureOnly signatureOnly(Algorithm algorithm) throws JOSEException {
    var key = issuer.jwk(algorithm);
    return switch (algorithm) {
      case RS256 -> nimbus(new RSASSAVerifier(key.toRSAKey()));
      case ES256 -> nimbus(new ECDSAVerifier(key.toECKey()));
      case EDDSA -> () -> jdk(issuer.publicKey(algorithm));
    };
  }

  private SignatureOnly nimbus(JWSVerifier library) {
    return () -> library.verify(header, signingInput, encodedSignature);
  }

  private boolean jdk(PublicKey key) throws GeneralSecurityException {
    var jdk = Signature.getInstance("Ed25519");
    jdk.initVerify(key);
    jdk.update(signingInput);
    return jdk.verify(encodedSignature.decode());
  }

  @Override
  public void close() {
    issuer.close();
  }
}
