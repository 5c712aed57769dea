package dev.partywall.identity;

import static dev.partywall.identity.Rejection.NOT_BASE64URL;
import static dev.partywall.identity.Rejection.NOT_CANONICAL;
import static dev.partywall.identity.Rejection.NOT_THREE_PARTS;
import static dev.partywall.identity.Rejection.TOO_LONG;

import java.nio.charset.StandardCharsets;

/** Tokens that are rejected before their content is parsed. */
final class WrongSpellings {
  private WrongSpellings() {}

  static void addTo(Forge forge) {
    var valid = Forge.signed(forge.right());
    var parts = valid.split("\\.", -1);
    parts(forge, parts);
    characters(forge, valid, parts);
    unusedBits(forge, parts);
    lengths(forge);
  }

  private static void parts(Forge forge, String[] p) {
    forge.text("an empty token", NOT_THREE_PARTS, "");
    forge.text("a word", NOT_THREE_PARTS, "undefined");
    forge.text("one part", NOT_THREE_PARTS, p[0]);
    forge.text("no signature and no second dot", NOT_THREE_PARTS, p[0] + "." + p[1]);
    forge.text("an empty signature", NOT_THREE_PARTS, p[0] + "." + p[1] + ".");
    forge.text("empty claims (detached)", NOT_THREE_PARTS, p[0] + ".." + p[2]);
    forge.text("an empty header", NOT_THREE_PARTS, "." + p[1] + "." + p[2]);
    forge.text("only dots", NOT_THREE_PARTS, "..");
    forge.text("a fourth part", NOT_THREE_PARTS, String.join(".", p) + "." + p[2]);
    forge.text("a trailing dot", NOT_THREE_PARTS, String.join(".", p) + ".");
    forge.text("a leading dot", NOT_THREE_PARTS, "." + String.join(".", p));
    var jwe = Forge.base64("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"rsa\"}");
    forge.text("an encrypted token", NOT_THREE_PARTS, jwe + ".AA.AAAA.AAAA.AAAA");
    var json = "{\"payload\":\"" + p[1] + "\",\"signature\":\"" + p[2] + "\"}";
    forge.text("the JSON serialization", NOT_THREE_PARTS, json);
  }

  private static void characters(Forge forge, String valid, String[] p) {
    forge.text("a leading space", NOT_BASE64URL, " " + valid);
    forge.text("a trailing space", NOT_BASE64URL, valid + " ");
    forge.text("a trailing tab", NOT_BASE64URL, valid + "\t");
    forge.text("a trailing line feed", NOT_BASE64URL, valid + "\n");
    forge.text("a line feed inside", NOT_BASE64URL, p[0] + ".\r\n" + p[1] + "." + p[2]);
    forge.text("a trailing NUL", NOT_BASE64URL, valid + "\0");
    forge.text("the scheme twice", NOT_BASE64URL, "Bearer " + valid);
    forge.text("quotes around it", NOT_BASE64URL, "\"" + valid + "\"");
    forge.text("a trailing comma", NOT_BASE64URL, valid + ",");
    forge.text("two tokens", NOT_THREE_PARTS, valid + "," + valid);
    forge.text("padding after the signature", NOT_BASE64URL, valid + "==");
    forge.text("padding after the header", NOT_BASE64URL, p[0] + "=." + p[1] + "." + p[2]);
    forge.text("a plus", NOT_BASE64URL, p[0] + "." + p[1] + ".++" + p[2].substring(2));
    forge.text("a slash", NOT_BASE64URL, p[0] + "." + p[1] + ".//" + p[2].substring(2));
    forge.text("a percent-encoded letter", NOT_BASE64URL, "%65" + valid.substring(1));
    forge.text("a non-ASCII letter", NOT_BASE64URL, p[0] + "." + p[1] + "." + p[2] + "é");
    forge.text("a full-width letter", NOT_BASE64URL, valid + "\uff41");
    forge.text("a character outside the BMP", NOT_BASE64URL, valid + "😀");
  }

  /** Adds tokens signed over the non-canonical encoding: the encoding is the only fault. */
  private static void unusedBits(Forge forge, String[] p) {
    forge.text(
        "unused bits set in the signature", NOT_CANONICAL, join(p[0], p[1], Forge.stray(p[2])));
    var header = withStrayBits(forge.right().headerJson());
    forge.text("unused bits set in the header", NOT_CANONICAL, signed(header, p[1]));
    var claims = withStrayBits(forge.right().claimsJson());
    forge.text("unused bits set in the claims", NOT_CANONICAL, signed(p[0], claims));
    forge.text("a missing character", NOT_CANONICAL, join(p[0], p[1], p[2].substring(1)));
    forge.text("a single character", NOT_CANONICAL, join(p[0], p[1], "A"));
  }

  private static void lengths(Forge forge) {
    var oversized = forge.right().claim("filler", "x".repeat(7_000));
    forge.text("an otherwise valid token over 8 KiB", TOO_LONG, Forge.signed(oversized));
    forge.text("a megabyte", TOO_LONG, "A".repeat(1 << 20));
    forge.text("8 KiB of dots", NOT_THREE_PARTS, ".".repeat(8192));
  }

  /** Sets an unused bit; a leading space gives the JSON a length with unused bits. */
  private static String withStrayBits(String json) {
    var part = Forge.base64(json);
    return Forge.stray(part.length() % 4 == 0 ? Forge.base64(" " + json) : part);
  }

  private static String signed(String header, String claims) {
    var input = (header + "." + claims).getBytes(StandardCharsets.US_ASCII);
    return join(header, claims, Forge.base64(Pairs.RSA.sign("RS256", input)));
  }

  private static String join(String header, String claims, String signature) {
    return header + "." + claims + "." + signature;
  }
}
