package dev.partywall.identity;

import static dev.partywall.identity.Rejection.ALGORITHM;
import static dev.partywall.identity.Rejection.FORBIDDEN_HEADER;
import static dev.partywall.identity.Rejection.HEADER_NOT_JSON;
import static dev.partywall.identity.Rejection.KEY_ID;
import static dev.partywall.identity.Rejection.TYPE;
import static dev.partywall.identity.Rejection.UNKNOWN_KEY;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens with invalid headers. */
final class WrongHeaders {
  private WrongHeaders() {}

  static void addTo(Forge forge) {
    json(forge);
    algorithms(forge);
    hmacs(forge);
    keyIds(forge);
    types(forge);
    extensions(forge);
  }

  private static void json(Forge forge) {
    var validHeader = forge.right().headerJson();
    WrongJson.of(validHeader, "kid")
        .forEach((name, bytes) -> forge.headerBytes("header: " + name, HEADER_NOT_JSON, bytes));
    forge.headerText(
        "header: two algorithms",
        HEADER_NOT_JSON,
        "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"rsa\"}");
  }

  private static void algorithms(Forge forge) {
    for (var alg : List.of("none", "None", "NONE", "nOnE", "", "rs256", "RS256 ", "RS1", "RS257")) {
      forge.header("alg '" + alg + "'", ALGORITHM, "alg", alg);
    }
    for (var alg : List.of("ES256K", "Ed448", "RSA-OAEP", "dir", "A128KW", "SHA256withRSA")) {
      forge.header("alg " + alg, ALGORITHM, "alg", alg);
    }
    forge.header("alg null", ALGORITHM, "alg", null);
    forge.header("alg 256", ALGORITHM, "alg", 256);
    forge.header("alg in a list", ALGORITHM, "alg", List.of("RS256"));
    forge.changed("no alg", ALGORITHM, token -> token.noHeader("alg"));
  }

  /** Adds tokens of the algorithm confusion attack: an HMAC with the public key as its secret. */
  private static void hmacs(Forge forge) {
    for (var bits : List.of("256", "384", "512")) {
      var token = forge.right().header("alg", "HS" + bits);
      forge.signature(
          "HS" + bits + " by the public key", ALGORITHM, token, input -> hmac(bits, input));
    }
  }

  private static byte[] hmac(String bits, byte[] input) {
    try {
      var mac = Mac.getInstance("HmacSHA" + bits);
      mac.init(new SecretKeySpec(Pairs.RSA.pair().getPublic().getEncoded(), mac.getAlgorithm()));
      return mac.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keyIds(Forge forge) {
    forge.changed("no kid", KEY_ID, token -> token.noHeader("kid"));
    forge.header("kid null", KEY_ID, "kid", null);
    forge.header("kid 1", KEY_ID, "kid", 1);
    forge.header("kid true", KEY_ID, "kid", true);
    forge.header("kid in a list", KEY_ID, "kid", List.of("rsa"));
    forge.header("an empty kid", KEY_ID, "kid", "");
    forge.header("a kid of 257 characters", KEY_ID, "kid", "k".repeat(257));
    forge.header("a kid of 256 characters", UNKNOWN_KEY, "kid", "k".repeat(256));
    forge.header("kid in capitals", UNKNOWN_KEY, "kid", "RSA");
    forge.header("kid with a trailing space", UNKNOWN_KEY, "kid", "rsa ");
    forge.header("kid as a path", UNKNOWN_KEY, "kid", "../../../dev/null");
    forge.header("kid as a query", UNKNOWN_KEY, "kid", "x' UNION SELECT 'key");
    forge.header("kid as a URL", UNKNOWN_KEY, "kid", forge.gatehouse.issuer.name() + "/key");
    forge.header("kid with a NUL", UNKNOWN_KEY, "kid", "rsa\0");
  }

  private static void types(Forge forge) {
    for (var typ : List.of("JWE", "logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "", "JWT ")) {
      forge.header("typ '" + typ + "'", TYPE, "typ", typ);
    }
    forge.header("typ null", TYPE, "typ", null);
    forge.header("typ 1", TYPE, "typ", 1);
    forge.header("typ in a list", TYPE, "typ", List.of("JWT"));
  }

  private static void extensions(Forge forge) {
    var attackerKey = Pairs.OTHER_RSA;
    var embedded = forge.right().header("jwk", attackerKey.jwk());
    forge.signature("another key in jwk", FORBIDDEN_HEADER, embedded, Forge.rs256(attackerKey));
    forge.header("jwk null", FORBIDDEN_HEADER, "jwk", null);
    forge.header("the issuer's key in jwk", FORBIDDEN_HEADER, "jwk", Pairs.RSA.jwk());
    forge.header("jku", FORBIDDEN_HEADER, "jku", forge.gatehouse.issuer.name() + "/jwks");
    forge.header("x5u", FORBIDDEN_HEADER, "x5u", "https://evil.example/cert.pem");
    forge.header("x5c", FORBIDDEN_HEADER, "x5c", List.of("MIIB"));
    forge.header("an empty x5c", FORBIDDEN_HEADER, "x5c", List.of());
    forge.header("crit with exp", FORBIDDEN_HEADER, "crit", List.of("exp"));
    forge.header("an empty crit", FORBIDDEN_HEADER, "crit", List.of());
    forge.header("crit null", FORBIDDEN_HEADER, "crit", null);
    forge.header("b64 true", FORBIDDEN_HEADER, "b64", true);
    forge.changed(
        "b64 false in crit",
        FORBIDDEN_HEADER,
        token -> token.header("b64", false).header("crit", List.of("b64")));
    forge.header("compressed", FORBIDDEN_HEADER, "zip", "DEF");
    forge.header("enc", FORBIDDEN_HEADER, "enc", "A256GCM");
    forge.header("a nested token by its cty", FORBIDDEN_HEADER, "cty", "JWT");
    var inner = Forge.signed(forge.right());
    forge.claimsText("a token instead of the claims", Rejection.CLAIMS_NOT_JSON, inner);
    forge.claimsText("a token as a JSON string", Rejection.CLAIMS_NOT_JSON, "\"" + inner + "\"");
  }
}
