package dev.partywall.http.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The numbers of connections of one listener. Each number is derived from a part of the maximum
 * heap and the measured heap of one such connection. The sum of the parts is three eighths, with
 * the open connections of the management listener.
 *
 * @param open all open connections. Most take only 2 KB, because they are silent
 * @param idle the connections that are kept between two requests, with about 40 KB of buffers
 * @param waiting the connections that wait for their client to send header fields or to take a
 *     response, with up to 80 KB for 16 KiB of header fields
 */
record ConnectionLimits(int open, int idle, int waiting) {
  /** More than the ports of one client address, so that one address cannot open all. */
  private static final int MAX_OPEN = 65_536;

  private static final int MIN = 16;
  private static final int BYTES_OF_SILENT = 2 * 1024;
  private static final int BYTES_OF_IDLE = 40 * 1024;
  private static final int BYTES_OF_WAITING = 80 * 1024;

  /** The silent connections of each of the two listeners may take this part of the heap. */
  private static final int HEAP_PARTS_OF_OPEN = 16;

  /**
   * The others exist on the public listener only, and each number may take this part of the heap.
   */
  private static final int HEAP_PARTS = 8;

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
    var open =
        Math.min(heapBytes / HEAP_PARTS_OF_OPEN / BYTES_OF_SILENT, (descriptors - reserved) / 2);
    return new ConnectionLimits(
        limit(open), limit(Math.min(open, part / BYTES_OF_IDLE)), limit(part / BYTES_OF_WAITING));
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
