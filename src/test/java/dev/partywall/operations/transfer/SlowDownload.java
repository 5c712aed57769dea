package dev.partywall.operations.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The client of an export, which reads only when a test says so. */
final class SlowDownload implements AutoCloseable {
  private static final int RECEIVE_BUFFER_BYTES = 8 * 1024;

  private final Socket socket = new Socket();
  private final InputStream in;

  /** Sends the request. The server can then send a few megabytes, which are not read. */
  SlowDownload(int port, String path) throws IOException {
    socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    var request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    in = socket.getInputStream();
  }

  void read(int bytes) throws IOException {
    var _ = in.readNBytes(bytes);
  }

  String readAll() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
