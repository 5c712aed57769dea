package dev.partywall.storage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Stands between a client and DynamoDB, notes what is called, and lets go wrong what can. */
public final class Between implements AutoCloseable {
  /** What becomes of a call. */
  public interface Fate {
    /** Answers the exchange; {@code way} is the way to DynamoDB. */
    void meet(HttpExchange exchange, Way way) throws IOException;
  }

  /** The way to DynamoDB and back. */
  public interface Way {
    HttpResponse<byte[]> send() throws IOException;
  }

  /** It goes through. */
  public static final Fate THROUGH = (exchange, way) -> answer(exchange, way.send());

  /** It is done, but the answer gets lost. */
  public static final Fate ANSWER_LOST =
      (exchange, way) -> {
        way.send();
        exchange.close();
      };

  private final URI dynamo;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile Fate fate = THROUGH;

  public Between(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo.endpoint();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  /** It is refused in that way. */
  public static Fate refused(int status, String code) {
    return answered(
        status,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"no\"}".formatted(code));
  }

  /** It is answered so, and not done. */
  public static Fate answered(int status, String body) {
    return (exchange, _) -> {
      exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
      exchange.sendResponseHeaders(status, body.length());
      exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
      exchange.close();
    };
  }

  /** A client as the service makes it, which comes by here. */
  public DynamoDbClient client() {
    return client(List.of());
  }

  /** Likewise, and each call passes by these. */
  public DynamoDbClient client(List<ExecutionInterceptor> interceptors) {
    return Dynamo.client(interceptors)
        .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .build();
  }

  /** What becomes of calls from now on. */
  public void let(Fate next) {
    fate = next;
  }

  /** What becomes of the next call; those behind it go through. */
  public void letNext(Fate next) {
    fate =
        (exchange, way) -> {
          fate = THROUGH;
          next.meet(exchange, way);
        };
  }

  /** The operations that were called, in their order. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  private void serve(HttpExchange exchange) throws IOException {
    var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    calls.add(target.substring(target.indexOf('.') + 1));
    var body = exchange.getRequestBody().readAllBytes();
    fate.meet(exchange, () -> send(exchange, body));
  }

  private HttpResponse<byte[]> send(HttpExchange exchange, byte[] body) throws IOException {
    var request = HttpRequest.newBuilder(dynamo).POST(BodyPublishers.ofByteArray(body));
    for (var name : List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")) {
      request.header(name, exchange.getRequestHeaders().getFirst(name));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Hands on what DynamoDB answered. */
  public static void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
    answer
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> exchange.getResponseHeaders().add("Content-Type", type));
    exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    http.shutdownNow();
  }
}
