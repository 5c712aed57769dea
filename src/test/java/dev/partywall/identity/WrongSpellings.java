package dev.partywall.identity;

import static dev.partywall.identity.Rejection.NOT_BASE64URL;
import static dev.partywall.identity.Rejection.NOT_CANONICAL;
import static dev.partywall.identity.Rejection.NOT_THREE_PARTS;
import static dev.partywall.identity.Rejection.TOO_LONG;

import java.nio.charset.StandardCharsets;

/** Tokens that are refused before anything in them is parsed. */
final class WrongSpellings {
  private WrongSpellings() {}

  static void addTo(Forge forge) {
    var right = Forge.signed(forge.right());
    var parts = right.split("\\.", -1);
    parts(forge, parts);
    letters(forge, right, parts);
    strayBits(forge, parts);
    lengths(forge);
  }

  private static void parts(Forge forge, String[] p) {
    forge.text("nothing", NOT_THREE_PARTS, "");
    forge.text("a word", NOT_THREE_PARTS, "undefined");
    forge.text("one part", NOT_THREE_PARTS, p[0]);
    forge.text("no signature and no dot for it", NOT_THREE_PARTS, p[0] + "." + p[1]);
    forge.text("an empty signature", NOT_THREE_PARTS, p[0] + "." + p[1] + ".");
    forge.text("empty claims (detached)", NOT_THREE_PARTS, p[0] + ".." + p[2]);
    forge.text("an empty header", NOT_THREE_PARTS, "." + p[1] + "." + p[2]);
    forge.text("nothing but dots", NOT_THREE_PARTS, "..");
    forge.text("a fourth part", NOT_THREE_PARTS, String.join(".", p) + "." + p[2]);
    forge.text("a dot at the end", NOT_THREE_PARTS, String.join(".", p) + ".");
    forge.text("a dot at the beginning", NOT_THREE_PARTS, "." + String.join(".", p));
    var jwe = Forge.base64("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"rsa\"}");
    forge.text("an encrypted token", NOT_THREE_PARTS, jwe + ".AA.AAAA.AAAA.AAAA");
    var json = "{\"payload\":\"" + p[1] + "\",\"signature\":\"" + p[2] + "\"}";
    forge.text("the JSON serialization", NOT_THREE_PARTS, json);
  }

  private static void letters(Forge forge, String right, String[] p) {
    forge.text("a space before it", NOT_BASE64URL, " " + right);
    forge.text("a space behind it", NOT_BASE64URL, right + " ");
    forge.text("a tab behind it", NOT_BASE64URL, right + "\t");
    forge.text("a line feed behind it", NOT_BASE64URL, right + "\n");
    forge.text("a line feed inside", NOT_BASE64URL, p[0] + ".\r\n" + p[1] + "." + p[2]);
    forge.text("a NUL behind it", NOT_BASE64URL, right + "\0");
    forge.text("the scheme twice", NOT_BASE64URL, "Bearer " + right);
    forge.text("quotes around it", NOT_BASE64URL, "\"" + right + "\"");
    forge.text("a comma behind it", NOT_BASE64URL, right + ",");
    forge.text("two tokens", NOT_THREE_PARTS, right + "," + right);
    forge.text("padding behind the signature", NOT_BASE64URL, right + "==");
    forge.text("padding behind the header", NOT_BASE64URL, p[0] + "=." + p[1] + "." + p[2]);
    forge.text("a plus", NOT_BASE64URL, p[0] + "." + p[1] + ".++" + p[2].substring(2));
    forge.text("a slash", NOT_BASE64URL, p[0] + "." + p[1] + ".//" + p[2].substring(2));
    forge.text("a percent-encoded letter", NOT_BASE64URL, "%65" + right.substring(1));
    forge.text("a letter beyond ASCII", NOT_BASE64URL, p[0] + "." + p[1] + "." + p[2] + "é");
    forge.text("a full-width letter", NOT_BASE64URL, right + "\uff41");
    forge.text("a character beyond the BMP", NOT_BASE64URL, right + "😀");
  }

  /** The signature is made over the odd spelling, so that only the spelling is wrong. */
  private static void strayBits(Forge forge, String[] p) {
    forge.text("stray bits in the signature", NOT_CANONICAL, join(p[0], p[1], Forge.stray(p[2])));
    var header = strayed(forge.right().headerJson());
    forge.text("stray bits in the header", NOT_CANONICAL, signed(header, p[1]));
    var claims = strayed(forge.right().claimsJson());
    forge.text("stray bits in the claims", NOT_CANONICAL, signed(p[0], claims));
    forge.text("a letter too few", NOT_CANONICAL, join(p[0], p[1], p[2].substring(1)));
    forge.text("a lone letter", NOT_CANONICAL, join(p[0], p[1], "A"));
  }

  private static void lengths(Forge forge) {
    var filled = forge.right().claim("filler", "x".repeat(7_000));
    forge.text("a token over 8 KiB that holds otherwise", TOO_LONG, Forge.signed(filled));
    forge.text("a megabyte", TOO_LONG, "A".repeat(1 << 20));
    forge.text("8 KiB of dots", NOT_THREE_PARTS, ".".repeat(8192));
  }

  /** A blank before it makes any JSON text leave bits over. */
  private static String strayed(String json) {
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
