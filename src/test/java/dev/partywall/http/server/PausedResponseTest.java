package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Latches;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Responses with a pause before their body. */
@Timeout(60)
class PausedResponseTest {
  private static final String BODY = "{\"title\":\"Too many requests\"}";

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch proceed = new CountDownLatch(1);
  private final CountDownLatch paused = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger pauses = new AtomicInteger();
  private final CompletableFuture<Response.SendResult> sent = new CompletableFuture<>();

  /** With one wait for a client at most, a second one would abort the first. */
  private final ListenerLimits limits =
      new ListenerLimits(
          1_000, Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ofSeconds(60), 1, true);

  @AutoClose
  private final TestServer server =
      TestServer.start(
          limits,
          Duration.ofSeconds(9),
          Route.open("GET", "/rejected", _ -> rejection()),
          Route.open(
              "GET",
              "/late",
              _ -> {
                entered.countDown();
                Latches.await(proceed);
                return rejection();
              }));

  private Response rejection() {
    return Response.json(429, BODY).withPause(this::pause).onSent(sent::complete);
  }

  private void pause() {
    pauses.incrementAndGet();
    paused.countDown();
    Latches.await(end);
  }

  @Test
  void sendsTheHeaderFieldsBeforeThePauseAndTheBodyAfterIt() throws Exception {
    try (var client = server.client()) {
      var head = client.get("/rejected").readHead();
      assertEquals(429, head.status());
      assertEquals(Optional.of(Integer.toString(BODY.length())), head.field("Content-Length"));
      paused.await();
      assertFalse(sent.isDone());
      try (var other = server.client()) {
        assertEquals(200, other.get("/hello").read().status()); // the pause is no wait
      }

      end.countDown();

      assertEquals(BODY, client.readText(BODY.length()));
      assertTrue(sent.get(10, TimeUnit.SECONDS).complete());
      assertEquals(BODY.length(), sent.get().bytes());
      assertEquals(200, client.get("/hello").read().status()); // on the same connection
      assertEquals(1, pauses.get());
    }
  }

  @Test
  void aConnectionThatTheClientHasResetIsNotPaused() throws Exception {
    try (var client = server.client()) {
      client.get("/late");
      entered.await();
      client.reset();

      proceed.countDown();

      assertFalse(sent.get(10, TimeUnit.SECONDS).complete());
      assertEquals(0, pauses.get());
    }
  }

  @Test
  void pausesBeforeTheHeaderFieldsOfAResponseWithoutABody() throws Exception {
    try (var client = server.client()) {
      client.send("HEAD /rejected HTTP/1.1\r\nHost: a\r\n\r\n");
      paused.await();
      assertFalse(client.hasInput());

      end.countDown();

      assertEquals(429, client.readHead().status());
      assertTrue(sent.get(10, TimeUnit.SECONDS).complete());
      assertEquals(1, pauses.get());
    }
  }
}
