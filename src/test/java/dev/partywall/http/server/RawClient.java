package dev.partywall.http.server;

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

/** A client that sends raw bytes and reads responses one by one. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /** An uninterpreted response. */
  public record RawResponse(int status, List<String> headerLines, String text) {
    /** Returns the first value of a field. */
    public Optional<String> field(String name) {
      return headerLines.stream()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }

    /** Returns whether the response has {@code Connection: close}. */
    public boolean closesConnection() {
      return field("Connection").filter("close"::equals).isPresent();
    }
  }

  /** Connects to this port on the loopback interface. */
  public RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    // Longer than every limit in the tests: a test that reaches it has found a hang.
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends the text in Latin-1, one byte per character. */
  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends these bytes. */
  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends a well-formed GET request. */
  public RawClient get(String target) throws IOException {
    return send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  /** Closes the output but keeps reading. */
  RawClient halfClose() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Resets the connection. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Returns the next response. */
  public RawResponse read() throws IOException {
    return read(false);
  }

  /** Returns the next response, which has no body. */
  public RawResponse readHead() throws IOException {
    return read(true);
  }

  private RawResponse read(boolean head) throws IOException {
    var statusLine = readLine();
    var status = Integer.parseInt(statusLine.substring(9, 12));
    var header = new ArrayList<String>();
    for (var field = readLine(); !field.isEmpty(); field = readLine()) {
      header.add(field);
    }
    var withoutBody = new RawResponse(status, header, "");
    var length = Integer.parseInt(withoutBody.field("Content-Length").orElse("0"));
    return head ? withoutBody : new RawResponse(status, header, utf8(in.readNBytes(length)));
  }

  /** Returns this number of bytes, as text. */
  public String readText(int length) throws IOException {
    return utf8(in.readNBytes(length));
  }

  /** Returns all bytes until the server closes the connection, as text. */
  String readAll() throws IOException {
    return utf8(in.readAllBytes());
  }

  /** Returns whether a byte can be read without a wait. */
  public boolean hasInput() throws IOException {
    return in.available() > 0;
  }

  /** Waits for the next byte and returns whether the server closed the connection instead. */
  boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException(
            "connection closed after: " + line.toString(StandardCharsets.ISO_8859_1));
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
