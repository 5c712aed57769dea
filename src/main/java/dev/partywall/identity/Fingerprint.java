package dev.partywall.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A token's SHA-256. Tokens are remembered by it, so that none lies in memory for longer than its
 * request.
 */
record Fingerprint(long a, long b, long c, long d) {
  static Fingerprint of(String token) {
    // What is no ASCII becomes '?', which no token that passed the gate contains.
    var digest = ByteBuffer.wrap(sha256().digest(token.getBytes(StandardCharsets.US_ASCII)));
    return new Fingerprint(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
  }

  @Override
  public int hashCode() {
    return (int) a; // as well spread as any mixture of the four
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
