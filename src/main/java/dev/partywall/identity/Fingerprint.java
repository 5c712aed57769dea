package dev.partywall.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a token. It is the key of the token cache: no token stays in memory longer than
 * its request.
 */
record Fingerprint(long a, long b, long c, long d) {
  static Fingerprint of(String token) {
    // A non-ASCII character becomes '?', which no valid token contains.
    var digest = ByteBuffer.wrap(sha256().digest(token.getBytes(StandardCharsets.US_ASCII)));
    return new Fingerprint(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
  }

  @Override
  public int hashCode() {
    return (int) a; // as well distributed as a combination of the four
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not available", e);
    }
  }
}
