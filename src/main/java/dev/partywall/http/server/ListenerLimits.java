package dev.partywall.http.server;

import java.time.Duration;

/**
 * The limits of a listener.
 *
 * @param maxBodyBytes the maximum size of a body
 * @param bodyTimeout the longest wait for a body, from the arrival of its request
 * @param lingerTimeout the longest time to discard the rest of a body after the response
 * @param responseTimeout the longest time in which the client takes a response. For a stream, the
 *     longest time in which it takes no byte
 * @param maxClientWaits the maximum number of exchanges that wait for their clients, except for
 *     bodies
 * @param keepsConnections whether a connection can take several requests
 */
public record ListenerLimits(
    int maxBodyBytes,
    Duration bodyTimeout,
    Duration lingerTimeout,
    Duration responseTimeout,
    int maxClientWaits,
    boolean keepsConnections) {
  /** The maximum size of a body, unless a listener has another limit. */
  public static final int MAX_BODY_BYTES = 256 * 1024;

  /**
   * 256 KiB within 9 s, 10 s to discard the rest, 60 s for a response (1.5 MB at 25 KB/s), and the
   * waits that this heap permits.
   */
  public static final ListenerLimits DEFAULT =
      new ListenerLimits(
          MAX_BODY_BYTES,
          Duration.ofSeconds(9),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          ConnectionLimits.ofThisJvm().waiting(),
          true);

  /** The management listener has few clients. It takes little heap, and keeps no connection. */
  public static final ListenerLimits MANAGEMENT =
      new ListenerLimits(
          MAX_BODY_BYTES,
          DEFAULT.bodyTimeout,
          DEFAULT.lingerTimeout,
          DEFAULT.responseTimeout,
          64,
          false);
}
