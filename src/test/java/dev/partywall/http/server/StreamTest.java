package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import dev.partywall.http.Response.SendResult;
import dev.partywall.http.ResponseStream;
import dev.partywall.http.Route;
import dev.partywall.http.StreamWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StreamTest {
  private static final Duration SHORT = Duration.ofMillis(600);
  private static final ListenerLimits IMPATIENT =
      new ListenerLimits(1_000, SHORT, SHORT, SHORT, 100, true);

  private final BlockingQueue<SendResult> results = new LinkedBlockingQueue<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void isSentInChunksAndEndsWithTheLastChunk() throws Exception {
    try (var server =
            start(out -> {
              out.write(bytes("one,"));
              out.write(bytes("two"));
            });
        var client = server.client()) {
      var response = client.get("/stream").readAll();

      assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n"), response);
      assertTrue(response.contains("\r\nTransfer-encoding: chunked\r\n"), response);
      assertTrue(response.contains("\r\nConnection: close\r\n"), response);
      assertTrue(response.endsWith("\r\n\r\n4\r\none,\r\n3\r\ntwo\r\n0\r\n\r\n"), response);
      var result = results.take();
      assertEquals(7, result.bytes());
      assertTrue(result.complete());
    }
  }

  @Test
  void reachesTheClientWhileItIsProduced() throws Exception {
    try (var server =
            start(out -> {
              out.write(bytes("first"));
              await(release);
            });
        var client = server.client()) {
      assertEquals(200, client.get("/stream").readHead().status());
      assertEquals("5\r\nfirst\r\n", client.readText(10));

      release.countDown();

      assertEquals("0\r\n\r\n", client.readAll());
    }
  }

  @Test
  void endsWithTheConnectionInHttp10() throws Exception {
    try (var server = start(out -> out.write(bytes("content")));
        var client = server.client()) {
      var response =
          client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").readAll();

      assertFalse(response.contains("chunked"), response);
      assertTrue(response.contains("\r\nConnection: close\r\n"), response);
      assertTrue(response.endsWith("\r\n\r\ncontent"), response);
    }
  }

  @Test
  void isNotProducedForAHeadRequest() throws Exception {
    var called = new AtomicBoolean();
    try (var server = start(_ -> called.set(true));
        var client = server.client()) {
      var response = client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n").readHead();

      assertEquals(200, response.status());
      assertEquals("text/plain", response.field("Content-Type").orElseThrow());
      var result = results.take();
      assertEquals(0, result.bytes());
      assertTrue(result.complete());
      assertFalse(called.get());
    }
  }

  @Test
  void hasNoLastChunkIfItsWriterFails() throws Exception {
    try (var server = start(StreamTest::fail);
        var client = server.client()) {
      var response = client.get("/stream").readAll();

      assertTrue(response.endsWith("\r\n\r\n4\r\nhalf\r\n"), response);
      var result = results.take();
      assertEquals(4, result.bytes());
      assertFalse(result.complete());
    }
  }

  @Test
  void isAnErrorForAnHttpClientIfItsWriterFails() throws Exception {
    try (var server = start(StreamTest::fail);
        var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.server.port() + "/stream"))
              .build();

      assertThrows(IOException.class, () -> client.send(request, BodyHandlers.ofString()));
    }
  }

  @Test
  void endsIfTheClientTakesNothing() throws Exception {
    try (var server = startImpatient(StreamTest::endless);
        var _ = server.client().get("/stream")) {
      var result = results.take();

      assertFalse(result.complete());
      assertTrue(result.bytes() < 100_000_000, () -> result.bytes() + " bytes");
      assertEquals(1, server.server.closedConnections().get("response_timeout"));
    }
  }

  @Test
  void endsIfTheClientDisappears() throws Exception {
    try (var server = start(StreamTest::endless);
        var client = server.client()) {
      client.get("/stream").readHead();

      client.reset();

      assertFalse(results.take().complete());
    }
  }

  @Test
  void canLastLongerThanARequestAndThanAResponse() throws Exception {
    try (var server =
            startImpatient(out -> {
              out.write(bytes("a"));
              awaitTimeouts();
              out.write(bytes("b"));
            });
        var client = server.client()) {
      var response = client.get("/stream").readAll();

      assertTrue(response.endsWith("\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"), response);
      var result = results.take();
      assertTrue(result.complete());
      assertTrue(result.duration().compareTo(SHORT.multipliedBy(3).dividedBy(2)) >= 0);
    }
  }

  @Test
  void leavesNoRequestInFlightHoweverItEnds() throws Exception {
    try (var server = startImpatient(StreamTest::endless);
        var _ = server.client().get("/stream");
        var gone = server.client().get("/stream");
        var failed = server.client().get("/failing")) {
      failed.readAll();
      gone.reset();
      for (var i = 0; i < 3; i++) {
        assertFalse(results.take().complete());
      }

      assertTrue(server.server.drain(Duration.ofSeconds(20), Duration.ofMillis(50)));
    }
  }

  @Test
  void isAwaitedByADrain() throws Exception {
    try (var server = start(this::blocked);
        var client = server.client()) {
      client.get("/stream").readHead();
      await(started);
      var drained = drain(server, Duration.ofSeconds(20));
      Conditions.await(() -> isListenerClosed(server), "the listener stays open");

      release.countDown();

      assertEquals("3\r\nend\r\n0\r\n\r\n", client.readAll());
      assertTrue(drained.get());
    }
  }

  @Test
  void isCutIfItOutlastsTheDrain() throws Exception {
    try (var server = start(this::blocked);
        var client = server.client()) {
      client.get("/stream").readHead();
      await(started);

      assertFalse(drain(server, Duration.ofMillis(300)).get());

      assertEquals("", client.readAll());
      release.countDown();
      assertFalse(results.take().complete());
    }
  }

  private TestServer start(StreamWriter writer) {
    return start(ListenerLimits.DEFAULT, writer);
  }

  private TestServer startImpatient(StreamWriter writer) {
    return start(IMPATIENT, writer);
  }

  private TestServer start(ListenerLimits limits, StreamWriter writer) {
    return TestServer.start(
        limits, SHORT, stream("/stream", writer), stream("/failing", StreamTest::fail));
  }

  private Route stream(String path, StreamWriter writer) {
    return Route.open(
        "GET", path, _ -> Response.stream(200, "text/plain", writer).onSent(results::add));
  }

  private void blocked(ResponseStream out) throws IOException {
    started.countDown();
    await(release);
    out.write(bytes("end"));
  }

  private static void fail(ResponseStream out) throws IOException {
    out.write(bytes("half"));
    throw new AssertionError("this stream is incomplete");
  }

  private static void endless(ResponseStream out) throws IOException {
    while (true) {
      out.write(new byte[100_000]);
    }
  }

  private static void awaitTimeouts() {
    var start = System.nanoTime();
    Conditions.await(
        () -> System.nanoTime() - start > SHORT.toNanos() * 3 / 2, "time stands still");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<Boolean> drain(TestServer server, Duration timeout) {
    return CompletableFuture.supplyAsync(
        () -> server.server.drain(timeout, Duration.ofMillis(50)), Thread::startVirtualThread);
  }

  private static boolean isListenerClosed(TestServer server) {
    try (var _ = server.client()) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
