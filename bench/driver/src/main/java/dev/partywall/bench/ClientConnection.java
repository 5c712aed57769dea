package dev.partywall.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/**
 * A keep-alive connection that sends a request and reads the complete response. The code is
 * minimal, because the client shares the processor with the service.
 */
final class ClientConnection implements AutoCloseable {
  private static final int READ_TIMEOUT_MILLIS = 15_000;
  private static final String CONTENT_LENGTH = "\r\ncontent-length:";

  private final int port;
  private final byte[] buffer;
  private Socket socket;
  private InputStream in;
  private OutputStream out;
  private int filled;

  ClientConnection(int port) throws IOException {
    this(port, 131_072);
  }

  /** Opens a connection for responses of at most {@code maxResponseBytes}, including the head. */
  ClientConnection(int port, int maxResponseBytes) throws IOException {
    this.port = port;
    this.buffer = new byte[maxResponseBytes];
    open();
  }

  private void open() throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** Sends a request and returns the response status. Reconnects if the service closes. */
  int send(byte[] request) throws IOException {
    filled = 0;
    out.write(request);
    var head = endOf("\r\n\r\n", 0);
    var fields = new String(buffer, 0, head, ISO_8859_1).toLowerCase(Locale.ROOT);
    var length = fields.indexOf(CONTENT_LENGTH);
    if (length >= 0) {
      var end = fields.indexOf('\r', length + 2);
      fill(
          head + Integer.parseInt(fields.substring(length + CONTENT_LENGTH.length(), end).strip()));
    } else if (fields.contains("\r\ntransfer-encoding: chunked")) {
      fillChunks(head);
    }
    if (fields.contains("\r\nconnection: close")) {
      socket.close();
      open();
    }
    return Integer.parseInt(fields.substring(9, 12));
  }

  private void fillChunks(int start) throws IOException {
    var at = start;
    var size = 1;
    while (size > 0) {
      var data = endOf("\r\n", at);
      size = Integer.parseInt(new String(buffer, at, data - 2 - at, ISO_8859_1).strip(), 16);
      at = data + size + 2;
      fill(at);
    }
  }

  /** Returns the end of the next {@code mark} at or after {@code from}. */
  private int endOf(String mark, int from) throws IOException {
    for (var at = from; ; at++) {
      fill(at + mark.length());
      if (isAt(mark, at)) {
        return at + mark.length();
      }
    }
  }

  private boolean isAt(String mark, int at) {
    for (var i = 0; i < mark.length(); i++) {
      if (buffer[at + i] != mark.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void fill(int required) throws IOException {
    while (filled < required) {
      var read = in.read(buffer, filled, buffer.length - filled);
      if (read <= 0) {
        throw new EOFException("the response ended after " + filled + " bytes");
      }
      filled += read;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
