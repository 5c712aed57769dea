package dev.partywall.identity;

import static dev.partywall.error.TokenRejection.ALGORITHM;
import static dev.partywall.error.TokenRejection.FORBIDDEN_HEADER;
import static dev.partywall.error.TokenRejection.HEADER_NOT_JSON;
import static dev.partywall.error.TokenRejection.KEY_ID;
import static dev.partywall.error.TokenRejection.TYPE;
import static dev.partywall.error.TokenRejection.UNKNOWN_KEY;

import dev.partywall.error.TokenRejection;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens with invalid headers. */
final class InvalidHeaders {
  private InvalidHeaders() {}

  static void addTo(TokenForge forge) {
    json(forge);
    algorithms(forge);
    hmacs(forge);
    keyIds(forge);
    types(forge);
    extensions(forge);
  }

  private static void json(TokenForge forge) {
    var validHeader = forge.validToken().headerJson();
    InvalidJson.of(validHeader, "kid")
        .forEach(
            (name, bytes) -> forge.addWithHeaderBytes("header: " + name, HEADER_NOT_JSON, bytes));
    forge.addWithHeaderText(
        "header: two algorithms",
        HEADER_NOT_JSON,
        "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"rsa\"}");
  }

  private static void algorithms(TokenForge forge) {
    for (var alg : List.of("none", "None", "NONE", "nOnE", "", "rs256", "RS256 ", "RS1", "RS257")) {
      forge.addWithHeader("alg '" + alg + "'", ALGORITHM, "alg", alg);
    }
    for (var alg : List.of("ES256K", "Ed448", "RSA-OAEP", "dir", "A128KW", "SHA256withRSA")) {
      forge.addWithHeader("alg " + alg, ALGORITHM, "alg", alg);
    }
    forge.addWithHeader("alg null", ALGORITHM, "alg", null);
    forge.addWithHeader("alg 256", ALGORITHM, "alg", 256);
    forge.addWithHeader("alg in a list", ALGORITHM, "alg", List.of("RS256"));
    forge.addChanged("no alg", ALGORITHM, token -> token.withoutHeader("alg"));
  }

  /** Adds tokens of the algorithm confusion attack: an HMAC with the public key as its secret. */
  private static void hmacs(TokenForge forge) {
    for (var bits : List.of("256", "384", "512")) {
      var token = forge.validToken().header("alg", "HS" + bits);
      forge.addWithSignature(
          "HS" + bits + " by the public key", ALGORITHM, token, input -> hmac(bits, input));
    }
  }

  private static byte[] hmac(String bits, byte[] input) {
    try {
      var mac = Mac.getInstance("HmacSHA" + bits);
      mac.init(
          new SecretKeySpec(KeyPairs.RSA.keyPair().getPublic().getEncoded(), mac.getAlgorithm()));
      return mac.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keyIds(TokenForge forge) {
    forge.addChanged("no kid", KEY_ID, token -> token.withoutHeader("kid"));
    forge.addWithHeader("kid null", KEY_ID, "kid", null);
    forge.addWithHeader("kid 1", KEY_ID, "kid", 1);
    forge.addWithHeader("kid true", KEY_ID, "kid", true);
    forge.addWithHeader("kid in a list", KEY_ID, "kid", List.of("rsa"));
    forge.addWithHeader("an empty kid", KEY_ID, "kid", "");
    forge.addWithHeader("a kid of 257 characters", KEY_ID, "kid", "k".repeat(257));
    forge.addWithHeader("a kid of 256 characters", UNKNOWN_KEY, "kid", "k".repeat(256));
    forge.addWithHeader("kid in capitals", UNKNOWN_KEY, "kid", "RSA");
    forge.addWithHeader("kid with a trailing space", UNKNOWN_KEY, "kid", "rsa ");
    forge.addWithHeader("kid as a path", UNKNOWN_KEY, "kid", "../../../dev/null");
    forge.addWithHeader("kid as a query", UNKNOWN_KEY, "kid", "x' UNION SELECT 'key");
    forge.addWithHeader("kid as a URL", UNKNOWN_KEY, "kid", forge.fixture.issuer.name() + "/key");
    forge.addWithHeader("kid with a NUL", UNKNOWN_KEY, "kid", "rsa\0");
  }

  private static void types(TokenForge forge) {
    for (var typ : List.of("JWE", "logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "", "JWT ")) {
      forge.addWithHeader("typ '" + typ + "'", TYPE, "typ", typ);
    }
    forge.addWithHeader("typ null", TYPE, "typ", null);
    forge.addWithHeader("typ 1", TYPE, "typ", 1);
    forge.addWithHeader("typ in a list", TYPE, "typ", List.of("JWT"));
  }

  private static void extensions(TokenForge forge) {
    var attackerKey = KeyPairs.OTHER_RSA;
    var embedded = forge.validToken().header("jwk", attackerKey.jwk());
    forge.addWithSignature(
        "another key in jwk", FORBIDDEN_HEADER, embedded, TokenForge.rs256(attackerKey));
    forge.addWithHeader("jwk null", FORBIDDEN_HEADER, "jwk", null);
    forge.addWithHeader("the issuer's key in jwk", FORBIDDEN_HEADER, "jwk", KeyPairs.RSA.jwk());
    forge.addWithHeader("jku", FORBIDDEN_HEADER, "jku", forge.fixture.issuer.name() + "/jwks");
    forge.addWithHeader("x5u", FORBIDDEN_HEADER, "x5u", "https://evil.example/cert.pem");
    forge.addWithHeader("x5c", FORBIDDEN_HEADER, "x5c", List.of("MIIB"));
    forge.addWithHeader("an empty x5c", FORBIDDEN_HEADER, "x5c", List.of());
    forge.addWithHeader("crit with exp", FORBIDDEN_HEADER, "crit", List.of("exp"));
    forge.addWithHeader("an empty crit", FORBIDDEN_HEADER, "crit", List.of());
    forge.addWithHeader("crit null", FORBIDDEN_HEADER, "crit", null);
    forge.addWithHeader("b64 true", FORBIDDEN_HEADER, "b64", true);
    forge.addChanged(
        "b64 false in crit",
        FORBIDDEN_HEADER,
        token -> token.header("b64", false).header("crit", List.of("b64")));
    forge.addWithHeader("compressed", FORBIDDEN_HEADER, "zip", "DEF");
    forge.addWithHeader("enc", FORBIDDEN_HEADER, "enc", "A256GCM");
    forge.addWithHeader("a nested token by its cty", FORBIDDEN_HEADER, "cty", "JWT");
    var inner = TokenForge.signed(forge.validToken());
    forge.addWithClaimsText("a token instead of the claims", TokenRejection.CLAIMS_NOT_JSON, inner);
    forge.addWithClaimsText(
        "a token as a JSON string", TokenRejection.CLAIMS_NOT_JSON, "\"" + inner + "\"");
  }
}
