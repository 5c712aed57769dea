package dev.partywall.identity;

import dev.partywall.error.TokenRejection;

/**
 * An invalid token.
 *
 * @param name the only fault of the token
 */
record InvalidToken(String name, TokenRejection reason, String text) {
  /** Returns whether the token is valid in a header field. */
  boolean canBeSent() {
    return text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= 0xff && c != 0x7f));
  }

  /**
   * Returns whether an HTTP server receives it unchanged: servers trim spaces, limit headers, and
   * may replace tabs by spaces, of which several can precede a token.
   */
  boolean survivesHttp() {
    return canBeSent()
        && text.length() <= 30_000
        && !text.isEmpty()
        && !text.startsWith("\t")
        && !text.endsWith(" ")
        && !text.endsWith("\t");
  }

  @Override
  public String toString() {
    return name; // the display name of the test
  }
}
