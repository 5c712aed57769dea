package dev.partywall.http;

import java.io.IOException;

/**
 * Produces the body of a streamed response. It runs after the filter chain has returned, on the
 * thread and in the execution of the request. No tenant is bound, and the request has no permit of
 * the concurrency limit any more.
 */
@FunctionalInterface
public interface StreamWriter {
  /**
   * Writes the body. The body ends when this method returns. An exception ends the connection
   * without the end of the body, by which the client recognizes an incomplete response.
   *
   * @throws IOException if {@code out} throws it
   */
  void write(ResponseStream out) throws IOException;
}
