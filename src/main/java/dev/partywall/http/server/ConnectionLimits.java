package dev.partywall.http.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The numbers of connections of a listener. Each number is derived from a part of the maximum heap
 * and the measured heap of one such connection.
 *
 * @param open all open connections. A silent one takes only 2 KB. But every one of them can have a
 *     request that waits, with 40 KB of buffers and header fields, and 20 KB of the thread and the
 *     request. The JDK's server keeps the buffers until it closes the connection
 * @param waiting the connections that wait for their client to send header fields or to take a
 *     response, with up to 80 KB
 */
record ConnectionLimits(int open, int waiting) {
  /** The ports of one client address. */
  private static final int MAX_OPEN = 65_536;

  private static final int MIN = 16;
  private static final int BYTES_OF_OPEN = 60 * 1024;
  private static final int BYTES_OF_WAITING = 80 * 1024;

  /** The open connections may take half of the heap. The waiting ones take a 32nd more. */
  private static final int HEAP_PARTS_OF_OPEN = 2;

  private static final int HEAP_PARTS_OF_WAITING = 8;
  private static final int PARTS_OF_KEPT = 2;

  /**
   * The file descriptors that no listener takes: for the connections to DynamoDB (512), STS (64),
   * the issuers and the peers, for the journal, and for the class path. A process with fewer than
   * three times as many keeps a third of them instead.
   */
  private static final int RESERVED_DESCRIPTORS = 1_024;

  /** Returns the limits for a maximum heap and a maximum number of file descriptors. */
  static ConnectionLimits of(long heapBytes, long descriptors) {
    var reserved = Math.min(RESERVED_DESCRIPTORS, descriptors / 3);
    var open =
        limit(
            Math.min(heapBytes / HEAP_PARTS_OF_OPEN / BYTES_OF_OPEN, (descriptors - reserved) / 2));
    return new ConnectionLimits(open, limit(heapBytes / HEAP_PARTS_OF_WAITING / BYTES_OF_WAITING));
  }

  /**
   * Returns the number of connections that are kept between two requests. The others remain for new
   * connections: a client could otherwise occupy all of them with one request in 75 s each.
   *
   * @param open the number of open connections
   */
  static int kept(int open) {
    return open / PARTS_OF_KEPT;
  }

  private static int limit(long number) {
    return Math.clamp(number, MIN, MAX_OPEN);
  }

  /** Returns the limits for this JVM. */
  static ConnectionLimits ofThisJvm() {
    return of(Runtime.getRuntime().maxMemory(), maxDescriptors());
  }

  private static long maxDescriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
