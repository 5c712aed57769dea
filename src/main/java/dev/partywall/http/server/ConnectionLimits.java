package dev.partywall.http.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The numbers of connections of the public listener. Each number is derived from a part of the
 * maximum heap and the measured heap of one such connection.
 *
 * @param open all open connections. A silent one takes only 2 KB. But every one of them can have a
 *     request at the same time, and then has up to 40 KB of buffers and header fields until it is
 *     closed
 * @param waiting the connections that wait for their client to send header fields or to take a
 *     response, with up to 40 KB more
 */
record ConnectionLimits(int open, int waiting) {
  /** The ports of one client address. */
  private static final int MAX_OPEN = 65_536;

  private static final int MIN = 16;
  private static final int BYTES_OF_OPEN = 40 * 1024;
  private static final int BYTES_OF_WAITING = 80 * 1024;

  /** Open connections may take three of these parts of the heap, and waiting ones another. */
  private static final int HEAP_PARTS = 8;

  private static final int HEAP_PARTS_OF_OPEN = 3;

  /**
   * The file descriptors that no listener takes: for the connections to DynamoDB (512), STS (64),
   * the issuers and the peers, for the journal, and for the class path. A process with fewer than
   * three times as many keeps a third of them instead.
   */
  private static final int RESERVED_DESCRIPTORS = 1_024;

  /** Returns the limits for a maximum heap and a maximum number of file descriptors. */
  static ConnectionLimits of(long heapBytes, long descriptors) {
    var part = heapBytes / HEAP_PARTS;
    var reserved = Math.min(RESERVED_DESCRIPTORS, descriptors / 3);
    var open = Math.min(HEAP_PARTS_OF_OPEN * part / BYTES_OF_OPEN, (descriptors - reserved) / 2);
    return new ConnectionLimits(limit(open), limit(part / BYTES_OF_WAITING));
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
