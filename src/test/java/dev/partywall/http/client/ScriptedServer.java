package dev.partywall.http.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A server on loopback that records each request and responds with the bytes of a script. */
public final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch disconnected = new CountDownLatch(1);
  private volatile Script script = sends("HTTP/1.1 204 No Content\r\n\r\n");

  /** Responds to a request. */
  @FunctionalInterface
  public interface Script {
    /** Writes any bytes; the connection is closed afterwards. */
    void respond(Socket socket) throws IOException;
  }

  /**
   * A received request.
   *
   * @param fields by name in lower case
   */
  public record Received(String line, Map<String, String> fields, String body) {}

  public ScriptedServer() throws IOException {
    Thread.ofVirtual().start(this::serve);
  }

  /** Returns a script that sends this text. */
  public static Script sends(String text) {
    return socket -> write(socket, text);
  }

  /** Returns a script that sends a response with a body. */
  public static Script responds(String status, String body) {
    var length = body.getBytes(StandardCharsets.UTF_8).length;
    return sends("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s".formatted(status, length, body));
  }

  /** Returns a script that sends this text, and then nothing until the client disconnects. */
  public Script hangsAfter(String text) {
    return socket -> {
      write(socket, text);
      if (socket.getInputStream().read() < 0) {
        disconnected.countDown();
      }
    };
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Sets the script for all requests from now on. */
  public void script(Script replacement) {
    script = replacement;
  }

  /** Waits until the client of a hanging script has disconnected. */
  public void awaitDisconnected() throws InterruptedException {
    disconnected.await();
  }

  /** Returns the complete requests so far. */
  public List<Received> requests() {
    return List.copyOf(requests);
  }

  /** Returns the URL of a path. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = socket.getInputStream();
      var head = head(in).lines().toList();
      var fields = new TreeMap<String, String>();
      head.stream()
          .skip(1)
          .map(line -> line.split(": ", 2))
          .forEach(field ->
              fields.merge(
                  field[0].toLowerCase(java.util.Locale.ROOT), field[1], (a, b) -> a + "|" + b));
      var length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
      var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      requests.add(new Received(head.getFirst(), fields, body));
      script.respond(socket);
    } catch (IOException _) {
      disconnected.countDown();
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      var octet = in.read();
      if (octet < 0) {
        throw new IOException("the client has disconnected");
      }
      head.write(octet);
    }
    return head.toString(StandardCharsets.ISO_8859_1).strip();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
