package dev.partywall.bench.stub;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** One connection: as much of HTTP/1.1 as the AWS SDK and the services' key fetchers speak. */
final class Connection {
  private final Socket socket;

  Connection(Socket socket) {
    this.socket = socket;
  }

  /** Answers until the other side has had enough. */
  void serve(Router router) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream(), 16_384);
      var out = socket.getOutputStream();
      for (var question = read(in); question != null; question = read(in)) {
        out.write(router.answer(question));
      }
    } catch (SocketException _) {
      // The service went away, as it does at the end of each run.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Question read(InputStream in) throws IOException {
    var start = line(in);
    if (start.isEmpty()) {
      return null;
    }
    var length = 0;
    var operation = "";
    for (var field = line(in); !field.isEmpty(); field = line(in)) {
      if (isNamed(field, "content-length:")) {
        length = Integer.parseInt(field.substring("content-length:".length()).strip());
      } else if (isNamed(field, "x-amz-target:")) {
        operation = field.substring("x-amz-target:".length()).strip();
      }
    }
    var body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    var parts = start.split(" ", 3);
    return new Question(parts[0], parts[1], operation, body);
  }

  private static boolean isNamed(String field, String name) {
    return field.regionMatches(true, 0, name, 0, name.length());
  }

  /** The next line without its end; empty at the end of the stream too. */
  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder(64);
    for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
