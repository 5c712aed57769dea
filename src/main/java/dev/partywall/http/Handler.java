package dev.partywall.http;

/**
 * A function from a request to a response. The server calls exactly one handler: the filter chain.
 */
@FunctionalInterface
public interface Handler {
  /**
   * Returns the response to the request.
   *
   * @throws Refused to reject the request; {@link Problems} turns it into problem+json
   */
  Response handle(Request request);
}
