package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.concurrent.Watchdog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.utils.AttributeMap;

// A missing time limit in the client would block a test forever.
@Timeout(60)
class BoundedHttpClientTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final CompletableFuture<Socket> accepted = new CompletableFuture<>();
  private final Watchdog watchdog = new Watchdog("exchanges", LIMIT, nanos::get);
  private final AtomicInteger aborts = new AtomicInteger();
  private volatile boolean ignoreAborts;
  private ServerSocket server;
  private BoundedHttpClient client;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    client = new BoundedHttpClient(new CountingClient(apache().build()), LIMIT, watchdog);
    Thread.startVirtualThread(this::accept);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    if (accepted.isDone() && !accepted.isCompletedExceptionally()) {
      accepted.join().close();
    }
  }

  @Test
  void abortsAnExchangeWithoutAResponseExactlyAtTheLimit() throws Exception {
    var response = start(() -> request(client).call());
    accepted.get();
    nanos.addAndGet(LIMIT.toNanos() - 1);
    watchdog.check();
    assertEquals(0, aborts.get());
    nanos.incrementAndGet();
    watchdog.check();
    assertTimedOut(response);
    assertEquals(1, aborts.get());
  }

  @Test
  void abortsAnExchangeOnlyOnce() throws Exception {
    ignoreAborts = true;
    var response = start(() -> request(client).call());
    nanos.addAndGet(LIMIT.toNanos());
    watchdog.check();
    watchdog.check();
    assertEquals(1, aborts.get());
    accepted.get().close();
    assertTimedOut(response);
  }

  @Test
  void abortsAnExchangeWithAnIncompleteBody() throws Exception {
    var body = bodyOf(HEAD + "ab");
    assertEquals('a', body.read());
    assertEquals('b', body.read());
    var rest = start(body::read);
    nanos.addAndGet(LIMIT.toNanos());
    watchdog.check();
    assertTimedOut(rest);
  }

  @Test
  void abortsAnExchangeWhoseBodyIsBeingClosed() throws Exception {
    var body = bodyOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n");
    assertEquals("abcd", new String(body.readNBytes(4), StandardCharsets.UTF_8));
    // On close, the client reads up to the last chunk.
    var close =
        start(() -> {
          body.close();
          return null;
        });
    nanos.addAndGet(LIMIT.toNanos());
    watchdog.check();
    assertTimedOut(close);
  }

  @Test
  void endsAnExchangeWhenItsBodyIsClosed() throws Exception {
    try (var body = bodyOf(HEAD + "abcd")) {
      assertEquals("abcd", new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertNotInFlight();
  }

  @Test
  void endsAnExchangeWithoutABodyAtItsResponse() throws Exception {
    respond("HTTP/1.1 204 No Content\r\n\r\n");
    assertEquals(204, request(client).call().httpResponse().statusCode());
    assertNotInFlight();
  }

  @Test
  void doesNotReportALostConnectionAsATimeout() throws Exception {
    onAccept(Socket::close);
    var failure = assertThrows(IOException.class, () -> request(client).call());
    assertEquals(false, failure instanceof SocketTimeoutException);
    assertNotInFlight();
  }

  @Test
  void endsAnExchangeThatTheCallerAborts() throws Exception {
    var request = request(client);
    var response = start(request);
    accepted.get();
    request.abort();
    assertThrows(Exception.class, response::get);
    assertEquals(1, aborts.get());
    aborts.set(0);
    assertNotInFlight();
  }

  @Test
  void abortsAnExchangeThatStartsWhileTheWatchdogSleeps() throws Exception {
    var builder = new BoundedHttpClient.Builder(apache(), Duration.ofMillis(300));
    try (var bounded = builder.buildWithDefaults(AttributeMap.empty())) {
      // The exchange is aborted whether or not the watchdog already sleeps.
      assertThrows(SocketTimeoutException.class, () -> request(bounded).call());
      assertThrows(SocketTimeoutException.class, () -> request(bounded).call());
    }
  }

  /** An exchange that is still in flight would be aborted at its limit. */
  private void assertNotInFlight() {
    nanos.addAndGet(LIMIT.toNanos());
    watchdog.check();
    assertEquals(0, aborts.get());
  }

  /** Counts the aborted requests. */
  private final class CountingClient implements SdkHttpClient {
    private final SdkHttpClient client;

    CountingClient(SdkHttpClient client) {
      this.client = client;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      var prepared = client.prepareRequest(request);
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() throws IOException {
          return prepared.call();
        }

        @Override
        public void abort() {
          aborts.incrementAndGet();
          if (!ignoreAborts) {
            prepared.abort();
          }
        }
      };
    }

    @Override
    public void close() {
      client.close();
    }
  }

  private static Apache5HttpClient.Builder apache() {
    return Apache5HttpClient.builder().socketTimeout(Duration.ZERO);
  }

  private ExecutableHttpRequest request(SdkHttpClient httpClient) {
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.GET)
            .uri(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
            .build();
    return httpClient.prepareRequest(HttpExecuteRequest.builder().request(request).build());
  }

  private InputStream bodyOf(String response) throws IOException {
    respond(response);
    AbortableInputStream body = request(client).call().responseBody().orElseThrow();
    return body;
  }

  private void respond(String response) {
    onAccept(
        socket -> socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @FunctionalInterface
  private interface SocketAction {
    void apply(Socket socket) throws IOException;
  }

  private void onAccept(SocketAction action) {
    Thread.startVirtualThread(() -> {
      try {
        action.apply(accepted.join());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private void accept() {
    try {
      accepted.complete(server.accept());
    } catch (IOException e) {
      accepted.completeExceptionally(e);
    }
  }

  private static <T> FutureTask<T> start(Callable<T> call) {
    var task = new FutureTask<>(call);
    var thread = Thread.startVirtualThread(task);
    // Waits until the call blocks: only then is an exchange in flight.
    while (thread.getState() != Thread.State.WAITING && !task.isDone()) {
      LockSupport.parkNanos(100_000);
    }
    return task;
  }

  private static void assertTimedOut(FutureTask<?> task) {
    var failure = assertThrows(ExecutionException.class, task::get);
    assertInstanceOf(SocketTimeoutException.class, failure.getCause());
  }
}
