package dev.partywall.identity;

import dev.partywall.http.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The SHA-256 of a token. It is the key of the token cache: no token stays in memory longer than
 * its request.
 */
record Fingerprint(long a, long b, long c, long d) {
  static Fingerprint of(String token) {
    // A non-ASCII character becomes '?', which no valid token contains.
    var digest = ByteBuffer.wrap(Sha256.of(token.getBytes(StandardCharsets.US_ASCII)));
    return new Fingerprint(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
  }

  @Override
  public int hashCode() {
    return (int) a; // as well distributed as a combination of the four
  }
}
