package dev.partywall.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.LongAdder;

/** Takes in so many bytes of its answers a turn, and asks again as soon as it has one whole. */
final class SlowReader implements ClientScheduler.ScheduledClient {
  private static final int WINDOW = 4_096;

  private final byte[] request;
  private final int length;
  private final ReaderCounts counts;
  private final ByteBuffer in;
  private final SocketChannel channel;
  private int read;

  /** What they got: whole answers, and connections that broke. */
  record ReaderCounts(LongAdder whole, LongAdder broken) {}

  /**
   * Connects, and asks.
   *
   * @param length of the answer, its head included: always the same
   * @param pace bytes a turn
   */
  SlowReader(int port, byte[] request, int length, int pace, ReaderCounts counts) throws IOException {
    this.request = request;
    this.length = length;
    this.counts = counts;
    this.in = ByteBuffer.allocate(pace);
    channel = SocketChannel.open();
    // Before it is connected: so the answer waits in the service, and not in our own system.
    channel.setOption(StandardSocketOptions.SO_RCVBUF, WINDOW);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.write(ByteBuffer.wrap(request));
  }

  @Override
  public void turn() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    in.clear().limit(Math.min(in.capacity(), length - read));
    try {
      var got = channel.read(in);
      read += Math.max(0, got);
      if (read == length) {
        read = 0;
        counts.whole.increment();
        channel.write(ByteBuffer.wrap(request));
      }
      if (got < 0) {
        broke();
      }
    } catch (IOException _) {
      broke();
    }
  }

  private void broke() throws IOException {
    counts.broken.increment();
    channel.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
