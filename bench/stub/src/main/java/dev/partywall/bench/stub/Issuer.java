package dev.partywall.bench.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.StringJoiner;

/** An OIDC issuer: discovery, keys, and tokens for the asking, signed RS256 with 2,048 bits. */
final class Issuer {
  private static final String KEY_ID = "bench-1";
  private static final long SECONDS = 7_200;

  private final String address;
  private final KeyPair keys;

  Issuer(String address) {
    this.address = address;
    this.keys = newKeys();
  }

  String configuration() {
    return """
    {"issuer":"%1$s","jwks_uri":"%1$s/jwks","authorization_endpoint":"%1$s/authorize",\
    "token_endpoint":"%1$s/token","response_types_supported":["code"],\
    "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}\
    """
        .formatted(address);
  }

  String keys() {
    var key = (RSAPublicKey) keys.getPublic();
    return """
    {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"%s","n":"%s","e":"%s"}]}\
    """
        .formatted(KEY_ID, number(key.getModulus()), number(key.getPublicExponent()));
  }

  /** One token. */
  String token(Question question) {
    return token(question.parameter("tenant", "acme"), question.parameter("user", "alice"));
  }

  /** A token of every user of every tenant, one a line. */
  String tokens(Question question) {
    var tenants = Integer.parseInt(question.parameter("tenants", "1"));
    var users = Integer.parseInt(question.parameter("users", "1"));
    var lines = new StringJoiner("\n");
    for (var n = 0; n < tenants * users; n++) {
      lines.add(token("tenant-" + n % tenants, "user-" + n / tenants));
    }
    return lines.toString();
  }

  private String token(String tenant, String user) {
    var now = Instant.now().getEpochSecond();
    var claims =
        """
        {"iss":"%s","sub":"%s","aud":"orders-api","tenant_id":"%s","tenant_tier":"premium",\
        "scope":"orders:read orders:write","iat":%d,"exp":%d,"jti":"%s-%s"}\
        """
            .formatted(address, user, tenant, now, now + SECONDS, tenant, user);
    var header = "{\"alg\":\"RS256\",\"kid\":\"" + KEY_ID + "\",\"typ\":\"JWT\"}";
    var signed = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    return signed + "." + base64(sign(signed));
  }

  private byte[] sign(String text) {
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2_048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Unsigned, big-endian (RFC 7518, section 6.3.1). */
  private static String number(BigInteger value) {
    var bytes = value.toByteArray();
    var from = bytes[0] == 0 ? 1 : 0;
    return base64(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
