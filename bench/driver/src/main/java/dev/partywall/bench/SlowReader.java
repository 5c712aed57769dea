package dev.partywall.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.LongAdder;

/** Reads a fixed number of bytes per step, and sends again after a complete response. */
final class SlowReader implements ClientScheduler.ScheduledClient {
  private static final int RECEIVE_BUFFER_BYTES = 4_096;

  private final byte[] request;
  private final int responseLength;
  private final ReaderCounts counts;
  private final ByteBuffer in;
  private final SocketChannel channel;
  private int read;

  /** Counts of complete responses and broken connections. */
  record ReaderCounts(LongAdder completeResponses, LongAdder brokenConnections) {}

  /**
   * Connects and sends the first request.
   *
   * @param responseLength length of the response, including the head; always the same
   * @param bytesPerStep bytes to read per step
   */
  SlowReader(int port, byte[] request, int length, int bytesPerStep, ReaderCounts counts)
      throws IOException {
    this.request = request;
    this.responseLength = length;
    this.counts = counts;
    this.in = ByteBuffer.allocate(bytesPerStep);
    channel = SocketChannel.open();
    // Set before connecting, so the response waits in the service and not in the local kernel.
    channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.write(ByteBuffer.wrap(request));
  }

  @Override
  public void step() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    in.clear().limit(Math.min(in.capacity(), responseLength - read));
    try {
      var count = channel.read(in);
      read += Math.max(0, count);
      if (read == responseLength) {
        read = 0;
        counts.completeResponses.increment();
        channel.write(ByteBuffer.wrap(request));
      }
      if (count < 0) {
        closeBroken();
      }
    } catch (IOException _) {
      closeBroken();
    }
  }

  private void closeBroken() throws IOException {
    counts.brokenConnections.increment();
    channel.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
