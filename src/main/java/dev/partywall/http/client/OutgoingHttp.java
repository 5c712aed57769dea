package dev.partywall.http.client;

import dev.partywall.http.Headers;
import dev.partywall.http.Response;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to other services. Only this class uses the JDK's HTTP client. It follows no
 * redirects, and limits the duration of a call and the size of a response. It repeats no request;
 * the JDK repeats a GET whose kept-alive connection the server has closed.
 */
public final class OutgoingHttp implements AutoCloseable {
  private final HttpClient client;
  private final int maxResponseBytes;

  /** Creates a client, which opens no connection before the first request. */
  public OutgoingHttp(Duration connectTimeout, int maxResponseBytes) {
    this.maxResponseBytes = maxResponseBytes;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /**
   * Sends a request and waits for the complete response, whatever its status. An interrupt ends the
   * wait.
   *
   * @param timeout for the call up to the last byte of the response
   * @throws InterruptedIOException if the timeout expires or the thread is interrupted
   * @throws IOException if no valid response arrives. The message can contain text from the other
   *     service
   */
  public Response send(OutgoingRequest request, Duration timeout) throws IOException {
    // The JDK's request timeout covers only the headers, so this method waits with its own.
    var exchange =
        client.sendAsync(
            jdkRequest(request),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxResponseBytes));
    try {
      return response(await(exchange, timeout));
    } finally {
      exchange.cancel(true); // closes the connection of an incomplete exchange
    }
  }

  private static HttpRequest jdkRequest(OutgoingRequest request) {
    var builder = HttpRequest.newBuilder(request.uri());
    request.headers().fields().forEach(field -> builder.header(field.name(), field.value()));
    if (request.body().length > 0) {
      builder.method(request.method(), BodyPublishers.ofByteArray(request.body()));
    } else if (!request.method().equals("GET")) { // the default, without a Content-Length
      builder.method(request.method(), BodyPublishers.noBody());
    }
    return builder.build();
  }

  private static HttpResponse<byte[]> await(
      CompletableFuture<HttpResponse<byte[]>> exchange, Duration timeout) throws IOException {
    try {
      return exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new SocketTimeoutException("no response within the timeout");
    } catch (ExecutionException e) {
      var cause = e.getCause();
      var message = cause == null ? null : cause.getMessage();
      throw new IOException("no response: " + Objects.toString(message, "no connection"), cause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the response");
    }
  }

  private static Response response(HttpResponse<byte[]> received) throws IOException {
    try {
      var fields =
          received.headers().map().entrySet().stream()
              .flatMap(entry ->
                  entry.getValue().stream().map(value -> new Headers.Field(entry.getKey(), value)))
              .toList();
      return new Response(received.statusCode(), Headers.of(fields), received.body());
    } catch (IllegalArgumentException e) {
      throw new IOException("no response: an invalid header field", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
