package dev.partywall.identity;

import static dev.partywall.error.TokenRejection.NOT_BASE64URL;
import static dev.partywall.error.TokenRejection.NOT_CANONICAL;
import static dev.partywall.error.TokenRejection.NOT_THREE_PARTS;
import static dev.partywall.error.TokenRejection.TOO_LONG;

import java.nio.charset.StandardCharsets;

/** Tokens that are rejected before their content is parsed. */
final class InvalidEncodings {
  private InvalidEncodings() {}

  static void addTo(TokenForge forge) {
    var valid = TokenForge.signed(forge.validToken());
    var parts = valid.split("\\.", -1);
    parts(forge, parts);
    characters(forge, valid, parts);
    unusedBits(forge, parts);
    lengths(forge);
  }

  private static void parts(TokenForge forge, String[] p) {
    forge.addText("an empty token", NOT_THREE_PARTS, "");
    forge.addText("a word", NOT_THREE_PARTS, "undefined");
    forge.addText("one part", NOT_THREE_PARTS, p[0]);
    forge.addText("no signature and no second dot", NOT_THREE_PARTS, p[0] + "." + p[1]);
    forge.addText("an empty signature", NOT_THREE_PARTS, p[0] + "." + p[1] + ".");
    forge.addText("empty claims (detached)", NOT_THREE_PARTS, p[0] + ".." + p[2]);
    forge.addText("an empty header", NOT_THREE_PARTS, "." + p[1] + "." + p[2]);
    forge.addText("only dots", NOT_THREE_PARTS, "..");
    forge.addText("a fourth part", NOT_THREE_PARTS, String.join(".", p) + "." + p[2]);
    forge.addText("a trailing dot", NOT_THREE_PARTS, String.join(".", p) + ".");
    forge.addText("a leading dot", NOT_THREE_PARTS, "." + String.join(".", p));
    var jwe = TokenForge.base64("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"rsa\"}");
    forge.addText("an encrypted token", NOT_THREE_PARTS, jwe + ".AA.AAAA.AAAA.AAAA");
    var json = "{\"payload\":\"" + p[1] + "\",\"signature\":\"" + p[2] + "\"}";
    forge.addText("the JSON serialization", NOT_THREE_PARTS, json);
  }

  private static void characters(TokenForge forge, String valid, String[] p) {
    forge.addText("a leading tab", NOT_BASE64URL, "\t" + valid);
    forge.addText("a trailing space", NOT_BASE64URL, valid + " ");
    forge.addText("a trailing tab", NOT_BASE64URL, valid + "\t");
    forge.addText("a trailing line feed", NOT_BASE64URL, valid + "\n");
    forge.addText("a line feed inside", NOT_BASE64URL, p[0] + ".\r\n" + p[1] + "." + p[2]);
    forge.addText("a trailing NUL", NOT_BASE64URL, valid + "\0");
    forge.addText("the scheme twice", NOT_BASE64URL, "Bearer " + valid);
    forge.addText("quotes around it", NOT_BASE64URL, "\"" + valid + "\"");
    forge.addText("a trailing comma", NOT_BASE64URL, valid + ",");
    forge.addText("two tokens", NOT_THREE_PARTS, valid + "," + valid);
    forge.addText("padding after the signature", NOT_BASE64URL, valid + "==");
    forge.addText("padding after the header", NOT_BASE64URL, p[0] + "=." + p[1] + "." + p[2]);
    forge.addText("a plus", NOT_BASE64URL, p[0] + "." + p[1] + ".++" + p[2].substring(2));
    forge.addText("a slash", NOT_BASE64URL, p[0] + "." + p[1] + ".//" + p[2].substring(2));
    forge.addText("a percent-encoded letter", NOT_BASE64URL, "%65" + valid.substring(1));
    forge.addText("a non-ASCII letter", NOT_BASE64URL, p[0] + "." + p[1] + "." + p[2] + "é");
    forge.addText("a full-width letter", NOT_BASE64URL, valid + "\uff41");
    forge.addText("a character outside the BMP", NOT_BASE64URL, valid + "😀");
  }

  /** Adds tokens signed over the non-canonical encoding: the encoding is the only fault. */
  private static void unusedBits(TokenForge forge, String[] p) {
    forge.addText(
        "unused bits set in the signature",
        NOT_CANONICAL,
        join(p[0], p[1], TokenForge.withUnusedBit(p[2])));
    var header = withStrayBits(forge.validToken().headerJson());
    forge.addText("unused bits set in the header", NOT_CANONICAL, signed(header, p[1]));
    var claims = withStrayBits(forge.validToken().claimsJson());
    forge.addText("unused bits set in the claims", NOT_CANONICAL, signed(p[0], claims));
    forge.addText("a missing character", NOT_CANONICAL, join(p[0], p[1], p[2].substring(1)));
    forge.addText("a single character", NOT_CANONICAL, join(p[0], p[1], "A"));
  }

  private static void lengths(TokenForge forge) {
    var oversized = forge.validToken().claim("filler", "x".repeat(7_000));
    forge.addText("an otherwise valid token over 8 KiB", TOO_LONG, TokenForge.signed(oversized));
    forge.addText("a megabyte", TOO_LONG, "A".repeat(1 << 20));
    forge.addText("8 KiB of dots", NOT_THREE_PARTS, ".".repeat(8192));
  }

  /** Sets an unused bit; a leading space gives the JSON a length with unused bits. */
  private static String withStrayBits(String json) {
    var part = TokenForge.base64(json);
    return TokenForge.withUnusedBit(part.length() % 4 == 0 ? TokenForge.base64(" " + json) : part);
  }

  private static String signed(String header, String claims) {
    var input = (header + "." + claims).getBytes(StandardCharsets.US_ASCII);
    return join(header, claims, TokenForge.base64(KeyPairs.RSA.sign("RS256", input)));
  }

  private static String join(String header, String claims, String signature) {
    return header + "." + claims + "." + signature;
  }
}
