package dev.partywall.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client that sends exactly the bytes it is told to, and reads answers one by one. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** One answer, as it came. */
  public record Answer(int status, List<String> header, String text) {
    /** A field's first value. */
    public Optional<String> field(String name) {
      return header.stream()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }

    /** Whether it says that the connection ends with it. */
    public boolean closes() {
      return field("Connection").filter("close"::equals).isPresent();
    }
  }

  /** Connects to that port of this machine. */
  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    // Long past every limit that a test sets: who runs into it has found a hang.
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends the text in Latin-1, so that every character is one byte. */
  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends these bytes. */
  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** A GET that is well formed. */
  RawClient get(String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  /** Sends no more, but goes on listening. */
  RawClient halfClose() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Goes away with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** The next answer. */
  public Answer read() throws IOException {
    return read(false);
  }

  /** The next answer, which is to a HEAD. */
  public Answer readHead() throws IOException {
    return read(true);
  }

  private Answer read(boolean head) throws IOException {
    var line = line();
    var status = Integer.parseInt(line.substring(9, 12));
    var header = new ArrayList<String>();
    for (var next = line(); !next.isEmpty(); next = line()) {
      header.add(next);
    }
    var bare = new Answer(status, header, "");
    var length = Integer.parseInt(bare.field("Content-Length").orElse("0"));
    return head ? bare : new Answer(status, header, utf8(in.readNBytes(length)));
  }

  /** All that comes until the connection ends. */
  String readAll() throws IOException {
    return utf8(in.readAllBytes());
  }

  /** Whether nothing more comes: the connection was closed, not just silent. */
  boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed after: " + line.toString(StandardCharsets.ISO_8859_1));
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
