package dev.partywall.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 (FIPS 180-4), which every Java platform provides. */
public final class Sha256 {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private Sha256() {}

  /** Returns the 32 bytes of the digest. */
  public static byte[] of(byte[] content) {
    return digest().digest(content);
  }

  /** Returns a new digest, for content that arrives in parts. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the digest in lower-case hexadecimal. */
  public static String hex(byte[] content) {
    return HexFormat.of().formatHex(of(content));
  }

  /**
   * Returns a name for texts of any length and content: the first bytes of their digest in
   * base64url, which consists of letters, digits, hyphens and underscores.
   *
   * @param bytes the number of bytes of the digest; fewer bytes make collisions more likely
   */
  public static String name(List<String> texts, int bytes) {
    return BASE64.encodeToString(of(texts, bytes));
  }

  /** Returns the first bytes of the digest of the texts. Length prefixes separate the texts. */
  static byte[] of(List<String> texts, int bytes) {
    var content = new StringBuilder();
    texts.forEach(text -> content.append(text.length()).append(':').append(text));
    return Arrays.copyOf(of(content.toString().getBytes(StandardCharsets.UTF_8)), bytes);
  }
}
