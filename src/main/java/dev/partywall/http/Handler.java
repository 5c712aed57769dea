package dev.partywall.http;

/** Answers a request. The whole server is one of these. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers the request.
   *
   * @throws Refused when the answer is no; {@link Problems} turns it into problem+json
   */
  Response handle(Request request);
}
