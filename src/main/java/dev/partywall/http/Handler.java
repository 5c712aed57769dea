package dev.partywall.http;

import dev.partywall.error.ApiException;

/**
 * A function from a request to a response. The server calls exactly one handler: the filter chain.
 */
@FunctionalInterface
public interface Handler {
  /**
   * Returns the response to the request.
   *
   * @throws ApiException to reject the request; {@code ProblemDetailsFilter} turns it into
   *     problem+json
   */
  Response handle(Request request);
}
