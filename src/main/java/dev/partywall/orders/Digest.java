package dev.partywall.orders;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Computes SHA-256 digests: short names of a fixed form for texts of any length and content. */
final class Digest {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private Digest() {}

  /** Returns the first bytes of the content's digest. */
  static byte[] of(byte[] content, int bytes) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(content), bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the first bytes of the texts' digest. Length prefixes keep the texts apart. */
  static byte[] of(List<String> texts, int bytes) {
    var content = new StringBuilder();
    texts.forEach(text -> content.append(text.length()).append(':').append(text));
    return of(content.toString().getBytes(StandardCharsets.UTF_8), bytes);
  }

  /** Returns the digest in base64url: letters, digits, hyphens and underscores. */
  static String name(List<String> texts, int bytes) {
    return BASE64.encodeToString(of(texts, bytes));
  }

  static String hex(byte[] content) {
    return HexFormat.of().formatHex(of(content, 32));
  }
}
