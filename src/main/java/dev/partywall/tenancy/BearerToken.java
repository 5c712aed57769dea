package dev.partywall.tenancy;

/**
 * The verified token of a caller, for calls to other services on the caller's behalf. Its text form
 * never contains the token, which therefore cannot reach a log line or a message.
 */
public final class BearerToken {
  private final String token;

  /** Wraps a token that has been verified. */
  public BearerToken(String token) {
    this.token = token;
  }

  /** Returns the value of an {@code Authorization} header (RFC 6750, section 2.1). */
  public String authorization() {
    return "Bearer " + token;
  }

  @Override
  public String toString() {
    return "[token]";
  }
}
