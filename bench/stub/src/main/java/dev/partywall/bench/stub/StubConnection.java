package dev.partywall.bench.stub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/**
 * One HTTP/1.1 connection, limited to the features that the AWS SDK and the services' key fetchers
 * use.
 */
final class StubConnection {
  private final Socket socket;

  StubConnection(Socket socket) {
    this.socket = socket;
  }

  /** Serves requests until the client closes the connection. */
  void serve(StubRouter router) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream(), 16_384);
      var out = socket.getOutputStream();
      for (var request = read(in); request != null; request = read(in)) {
        out.write(router.respond(request));
      }
    } catch (SocketException _) {
      // The service closed the connection, as at the end of each run.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StubRequest read(InputStream in) throws IOException {
    var start = readLine(in);
    if (start.isEmpty()) {
      return null;
    }
    var length = 0;
    var operation = "";
    for (var field = readLine(in); !field.isEmpty(); field = readLine(in)) {
      if (isNamed(field, "content-length:")) {
        length = Integer.parseInt(field.substring("content-length:".length()).strip());
      } else if (isNamed(field, "x-amz-target:")) {
        operation = field.substring("x-amz-target:".length()).strip();
      }
    }
    var body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    var parts = start.split(" ", 3);
    return new StubRequest(parts[0], parts[1], operation, body);
  }

  private static boolean isNamed(String field, String name) {
    return field.regionMatches(true, 0, name, 0, name.length());
  }

  /** Returns the next line without its terminator, or an empty string at the end of the stream. */
  private static String readLine(InputStream in) throws IOException {
    var line = new StringBuilder(64);
    for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
