package dev.partywall.http.server;

import dev.partywall.http.Headers;
import java.util.Arrays;

/**
 * Decides whether a connection can take another request (RFC 9112, section 9.3). It can if the end
 * of the body is certain ({@link StreamBody#hasCertainEnd}), and neither side asks to close it.
 * HTTP/1.0 keeps a connection only on request.
 */
final class ConnectionReuse {
  private ConnectionReuse() {}

  /**
   * Returns whether the connection can take another request after this response. Reads a body that
   * has arrived: the JDK's server keeps no connection on which it has not read the end of the body.
   *
   * @param version the protocol version from the request line
   */
  static boolean isAllowed(String version, Headers request, Headers response, StreamBody body) {
    return body.hasCertainEnd()
        && !hasOption(request, "close")
        && !hasOption(response, "close")
        && (!version.equals("HTTP/1.0") || hasOption(request, "keep-alive"));
  }

  /** Returns whether a Connection field contains this option, in any case. */
  private static boolean hasOption(Headers headers, String option) {
    return headers.all("Connection").stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .anyMatch(element -> element.strip().equalsIgnoreCase(option));
  }
}
