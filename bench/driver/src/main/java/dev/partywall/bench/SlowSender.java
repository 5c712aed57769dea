package dev.partywall.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Sends its request one byte per step, after a first part sent immediately. It reconnects
 * immediately after a cut, so the number of senders is constant.
 */
final class SlowSender implements ClientScheduler.ScheduledClient {
  private final int port;
  private final byte[] message;
  private final int immediateBytes;
  private final CutConnections cutConnections;
  private final ByteBuffer in = ByteBuffer.allocate(1_024);
  private SocketChannel channel;
  private int sent;
  private long openedAt;

  /** Connects and sends the first {@code immediateBytes} of {@code message} immediately. */
  SlowSender(int port, byte[] message, int immediateBytes, CutConnections cutConnections)
      throws IOException {
    this.port = port;
    this.message = message;
    this.immediateBytes = immediateBytes;
    this.cutConnections = cutConnections;
    open();
  }

  private void open() throws IOException {
    channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    openedAt = System.nanoTime();
    sent = channel.write(ByteBuffer.wrap(message, 0, immediateBytes));
  }

  @Override
  public void step() throws IOException {
    var status = status();
    if (status >= 0) {
      cutConnections.record(status, System.nanoTime() - openedAt);
      channel.close();
      open();
    }
  }

  /**
   * Returns the response status, 0 if the connection was cut without one, or -1 while it is open.
   */
  private int status() {
    try {
      in.clear();
      var read = channel.read(in);
      if (read > 12) {
        return (in.get(9) - '0') * 100 + (in.get(10) - '0') * 10 + in.get(11) - '0';
      }
      if (sent < message.length) {
        sent += channel.write(ByteBuffer.wrap(message, sent, 1));
      }
      return read < 0 ? 0 : -1;
    } catch (IOException _) {
      return 0;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
