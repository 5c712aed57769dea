package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StreamedBodyTest {
  private static final int LIMIT = 1 << 20;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final CountDownLatch firstByte = new CountDownLatch(1);

  private Response digest(Request request) {
    try (var in = request.body().stream(LIMIT)) {
      var first = in.read();
      firstByte.countDown();
      var rest = in.readAllBytes();
      var content = new byte[rest.length + 1];
      content[0] = (byte) first;
      System.arraycopy(rest, 0, content, 1, rest.length);
      var text = rest.length + 1 + " " + Sha256.hex(content);
      return Response.of(200, "text/plain", text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TestServer server() {
    return TestServer.start(
        ListenerLimits.DEFAULT,
        Duration.ofMillis(100),
        Route.open("PUT", "/digest", this::digest).withStreamedBody(),
        Route.open("PUT", "/unread", _ -> Response.of(204)).withStreamedBody());
  }

  private static byte[] content(int length) {
    var content = new byte[length];
    for (var i = 0; i < length; i++) {
      content[i] = (byte) (i * 31 + (i >> 8));
    }
    return content;
  }

  private static byte[] head(String path, String framing) {
    return ("PUT " + path + " HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void readsABodyAboveTheLimitOfOtherRoutes() throws IOException {
    var content = content(LIMIT);
    try (var server = server();
        var client = server.client()) {
      client.send(head("/digest", "Content-Length: " + LIMIT));
      var response = client.send(content).read();
      assertEquals(200, response.status());
      assertTrue(response.text().endsWith(LIMIT + " " + Sha256.hex(content)), response::text);
    }
  }

  /** The handler has read a byte before the client sends the others, later than the timeout. */
  @Test
  void readsAChunkedBodyWhileItArrivesWithoutTheTimeLimitOfOtherRequests() throws Exception {
    try (var server = server();
        var client = server.client()) {
      client.send(head("/digest", "Transfer-Encoding: chunked"));
      client.send("1\r\na\r\n".getBytes(StandardCharsets.US_ASCII));
      firstByte.await();
      var start = System.nanoTime();
      while (System.nanoTime() - start < Duration.ofMillis(250).toNanos()) {
        Conditions.pause();
      }
      var response = client.send("2\r\nbc\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).read();
      assertTrue(
          response.text().endsWith("3 " + Sha256.hex("abc".getBytes(StandardCharsets.US_ASCII))),
          response::text);
    }
  }

  @Test
  void rejectsALargerBodyBeforeOrWhileItIsRead() throws IOException {
    try (var server = server();
        var declared = server.client();
        var chunked = server.client()) {
      declared.send(head("/digest", "Content-Length: " + (LIMIT + 1)));
      assertEquals(413, declared.send(new byte[LIMIT + 1]).read().status());
      chunked.send(head("/digest", "Transfer-Encoding: chunked"));
      var size = Integer.toHexString(LIMIT + 1) + "\r\n";
      chunked.send(size.getBytes(StandardCharsets.US_ASCII)).send(new byte[LIMIT + 1]);
      var response = chunked.send("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).read();
      assertEquals(413, response.status());
    }
  }

  @Test
  void discardsTheRestOfABodyThatTheHandlerDoesNotRead() throws IOException {
    try (var server = server();
        var client = server.client()) {
      client.send(head("/unread", "Content-Length: " + LIMIT));
      assertEquals(204, client.send(new byte[LIMIT]).read().status());
    }
  }

  @Test
  void keepsOnlyAFewPartsInMemory() throws IOException {
    try (var in = new CountingInput(content(LIMIT))) {
      var body = new StreamBody(in, LIMIT, 100, LONG);
      var stream = body.stream(LIMIT);
      assertEquals(0, stream.read());
      var before = -1L;
      while (before != in.read) { // the reader stops when its queue is full
        before = in.read;
        var start = System.nanoTime();
        while (System.nanoTime() - start < Duration.ofMillis(20).toNanos()) {
          Conditions.pause();
        }
      }
      assertTrue(in.read <= 6 * 16 * 1024, () -> "read: " + in.read);
      assertEquals(LIMIT - 1, stream.readAllBytes().length);
      assertEquals(-1, stream.read());
      assertTrue(body.isFullyRead());
    }
  }

  @Test
  void rejectsAClientThatSendsNothing() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      var stream = new StreamBody(in, 10, 100, Duration.ofMillis(50)).stream(100);
      var rejected = assertThrows(ApiException.class, stream::read);
      assertInstanceOf(ApiError.Unavailable.class, rejected.error());
    }
  }

  @Test
  void rejectsABodyWithoutItsEnd() {
    var failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("no chunk");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("no chunk");
          }
        };
    var stream = new StreamBody(failing, -1, 100, LONG).stream(100);
    var rejected = assertThrows(ApiException.class, stream::read);
    assertInstanceOf(ApiError.Malformed.class, rejected.error());
  }

  @Test
  void anEmptyBodyIsAnEmptyStream() throws IOException {
    var body = new StreamBody(new ByteArrayInputStream(new byte[0]), 0, 100, LONG);
    assertEquals(0, body.stream(100).readAllBytes().length);
    var chunked = new StreamBody(new ByteArrayInputStream(new byte[0]), -1, 100, LONG);
    var stream = chunked.stream(100);
    assertEquals(-1, stream.read());
    assertEquals(-1, stream.read());
  }

  /** Counts the bytes that were read. */
  private static final class CountingInput extends ByteArrayInputStream {
    volatile long read;

    CountingInput(byte[] content) {
      super(Arrays.copyOf(content, content.length));
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public synchronized int read(byte[] target, int offset, int length) {
      var count = super.read(target, offset, length);
      read += Math.max(0, count);
      return count;
    }

    @Override
    public int available() {
      return 0;
    }
  }
}
