package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.concurrent.StartLimit;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The requests that a listener reads at the same time. */
@Timeout(60)
class StartedRequestsTest {
  private static final Duration MAX_WAIT = Duration.ofSeconds(3);

  private final AtomicLong now = new AtomicLong();
  private final StartLimit starts = new StartLimit(1, 1, MAX_WAIT, now::get);
  private final AtomicInteger received = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private final JdkServer server = start(this::respond);

  private JdkServer start(Handler handler) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var limits =
        new ListenerLimits(
            1_000,
            Duration.ofSeconds(9),
            Duration.ofSeconds(9),
            Duration.ofMillis(600), // the listener checks the waits each 10 ms
            100,
            true);
    try {
      return JdkServer.start(address, handler, limits, starts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first request blocks until a test releases it. */
  private Response respond(Request request) {
    if (received.incrementAndGet() == 1) {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return Response.of(204);
  }

  private RawClient client() throws IOException {
    return new RawClient(server.port());
  }

  private void sendFirst(RawClient client) throws IOException {
    client.get("/");
    Conditions.await(() -> received.get() == 1, "the first request is not read");
  }

  private void sendSecond(RawClient client) throws IOException {
    client.get("/");
    Conditions.await(() -> starts.waiting() == 1, "the second request does not wait");
  }

  @AfterEach
  void close() {
    release.countDown();
    server.close();
  }

  @Test
  void aRequestAboveTheLimitIsNotReadUntilAnotherOneEnds() throws Exception {
    try (var first = client();
        var second = client()) {
      sendFirst(first);
      sendSecond(second);
      assertEquals(1, received.get());

      release.countDown();

      assertEquals(204, first.readHead().status());
      assertEquals(204, second.readHead().status());
    }
  }

  @Test
  void aRequestIsReadAfterTheLongestWaitWithoutAnotherEvent() throws Exception {
    try (var first = client();
        var second = client()) {
      sendFirst(first);
      sendSecond(second);

      now.addAndGet(MAX_WAIT.toNanos());

      assertEquals(204, second.readHead().status());
    }
  }

  @Test
  void aDrainServesTheRequestsThatWait() throws Exception {
    try (var first = client();
        var second = client()) {
      sendFirst(first);
      sendSecond(second);

      var drained =
          CompletableFuture.supplyAsync(
              () -> server.drain(Duration.ofSeconds(20), Duration.ofMillis(200)),
              Thread::startVirtualThread);
      assertEquals(204, second.readHead().status());
      release.countDown();

      assertEquals(204, first.readHead().status());
      assertTrue(drained.get());
    }
  }
}
