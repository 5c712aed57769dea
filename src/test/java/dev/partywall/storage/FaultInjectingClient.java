package dev.partywall.storage;

import dev.partywall.local.LocalDynamo;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A proxy between a client and DynamoDB that records calls and injects faults. */
public final class FaultInjectingClient implements AutoCloseable {
  /** The handling of a call. */
  @FunctionalInterface
  public interface CallHandler {
    /** Returns the reply; if empty, the proxy closes the connection. */
    Optional<Reply> handle(Upstream upstream) throws IOException;
  }

  /** Forwards a call to DynamoDB. */
  @FunctionalInterface
  public interface Upstream {
    /** Performs the call. */
    Reply send() throws IOException;
  }

  /** A reply of DynamoDB. */
  public record Reply(int status, String body) {}

  /** Forwards the call. */
  public static final CallHandler FORWARD = upstream -> Optional.of(upstream.send());

  /** Performs the call, and then closes the connection without a reply. */
  public static final CallHandler LOSE_REPLY =
      upstream -> {
        upstream.send();
        return Optional.empty();
      };

  /** Closes the connection without performing the call. */
  public static final CallHandler DISCONNECT = _ -> Optional.empty();

  private final URI dynamo;
  private final ServerSocket server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, String> requests = Collections.synchronizedMap(new LinkedHashMap<>());
  private final List<String> denials = new CopyOnWriteArrayList<>();
  private final Map<String, CallHandler> handlingByOperation = new ConcurrentHashMap<>();
  private volatile CallHandler handling = FORWARD;

  /** Starts a proxy for that engine. */
  public FaultInjectingClient(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo.endpoint();
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  /** Replies with that error, without performing the call. */
  public static CallHandler replyWithError(int status, String code) {
    return replyWith(
        status,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"no\"}".formatted(code));
  }

  /** Replies with that response, without performing the call. */
  public static CallHandler replyWith(int status, String body) {
    return _ -> Optional.of(new Reply(status, body));
  }

  /** Returns a client with the service's configuration that uses this proxy. */
  public DynamoDbClient client() {
    return client(List.of());
  }

  /** Returns a client with these credentials. */
  public DynamoDbClient client(AwsCredentialsProvider credentials) {
    return clients(List.of(), credentials).build();
  }

  /** Returns a client with these interceptors. */
  public DynamoDbClient client(List<ExecutionInterceptor> interceptors) {
    return clients(interceptors).build();
  }

  /** Returns a factory of clients that use this proxy. */
  DynamoClients clients(List<ExecutionInterceptor> interceptors) {
    return clients(
        interceptors,
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }

  private DynamoClients clients(
      List<ExecutionInterceptor> interceptors, AwsCredentialsProvider credentials) {
    return new DynamoClients(
        interceptors,
        (operation, table) -> denials.add(operation + " on " + table),
        builder ->
            builder
                .endpointOverride(URI.create("http://127.0.0.1:" + server.getLocalPort()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(credentials));
  }

  /** Sets the handling of all further calls. */
  public void handleWith(CallHandler next) {
    handling = next;
  }

  /** Sets the handling of the next call; later calls are forwarded. */
  public void handleNextWith(CallHandler next) {
    handling =
        upstream -> {
          handling = FORWARD;
          return next.handle(upstream);
        };
  }

  /** Sets the handling of all further calls of an operation such as {@code CreateTable}. */
  public void handleOperationWith(String operation, CallHandler next) {
    handlingByOperation.put(operation, next);
  }

  /** Executes other code after the next call of an operation, and before its reply. */
  public void afterNext(String operation, Runnable other) {
    handleOperationWith(
        operation,
        upstream -> {
          handleOperationWith(operation, FORWARD);
          var reply = FORWARD.handle(upstream);
          other.run();
          return reply;
        });
  }

  /** Returns the operations that were called, in order. A repetition by the SDK is a call. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** Returns the operations that were requested, in order, without repetitions by the SDK. */
  public List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests.values());
    }
  }

  /** Returns the denied calls that the clients reported, such as {@code GetItem on orders}. */
  public List<String> denials() {
    return List.copyOf(denials);
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        open.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var head = head(in); !head.isEmpty(); head = head(in)) {
        var fields = fields(head);
        var body = in.readNBytes(Integer.parseInt(fields.getOrDefault("Content-Length", "0")));
        var target = fields.getOrDefault("X-Amz-Target", "");
        var operation = target.substring(target.indexOf('.') + 1);
        calls.add(operation);
        requests.put(fields.getOrDefault("amz-sdk-invocation-id", ""), operation);
        var handler = handlingByOperation.getOrDefault(operation, handling);
        var reply = handler.handle(() -> send(fields, body));
        if (reply.isEmpty()) {
          return;
        }
        write(socket, reply.get());
      }
    } catch (IOException _) {
      // The client or the proxy has closed the connection.
    } finally {
      open.remove(socket);
    }
  }

  /** Returns all lines up to the empty line; an empty string at the end of the stream. */
  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    for (int c; (c = in.read()) >= 0; ) {
      head.write(c);
      if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private static Map<String, String> fields(String head) {
    var fields = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    head.lines()
        .skip(1)
        .filter(line -> !line.isEmpty())
        .forEach(line -> fields.put(line.split(":", 2)[0], line.split(":", 2)[1].strip()));
    return fields;
  }

  private Reply send(Map<String, String> fields, byte[] body) throws IOException {
    var request = HttpRequest.newBuilder(dynamo).POST(BodyPublishers.ofByteArray(body));
    for (var name : List.of("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")) {
      request.header(name, fields.get(name));
    }
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void write(Socket socket, Reply reply) throws IOException {
    var body = reply.body().getBytes(StandardCharsets.UTF_8);
    var head =
        "HTTP/1.1 %d X\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n"
            .formatted(reply.status(), body.length);
    var message = new ByteArrayOutputStream();
    message.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    message.writeBytes(body);
    message.writeTo(socket.getOutputStream());
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
    http.shutdownNow();
  }
}
