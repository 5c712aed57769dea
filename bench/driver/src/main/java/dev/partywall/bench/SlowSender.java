package dev.partywall.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Sends its request a byte a turn, from some place on. Whoever is cut comes back at once, so that
 * there are always as many.
 */
final class SlowSender implements ClientScheduler.ScheduledClient {
  private final int port;
  private final byte[] message;
  private final int quick;
  private final CutConnections fates;
  private final ByteBuffer in = ByteBuffer.allocate(1_024);
  private SocketChannel channel;
  private int sent;
  private long since;

  /** Of {@code message}, the first {@code quick} bytes go out at once. */
  SlowSender(int port, byte[] message, int quick, CutConnections fates) throws IOException {
    this.port = port;
    this.message = message;
    this.quick = quick;
    this.fates = fates;
    open();
  }

  private void open() throws IOException {
    channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    since = System.nanoTime();
    sent = channel.write(ByteBuffer.wrap(message, 0, quick));
  }

  @Override
  public void turn() throws IOException {
    var status = status();
    if (status >= 0) {
      fates.met(status, System.nanoTime() - since);
      channel.close();
      open();
    }
  }

  /** The answer's status; 0 where the connection was cut without one, -1 while it stands. */
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
