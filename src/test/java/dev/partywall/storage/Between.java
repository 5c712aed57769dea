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

/** Stands between a client and DynamoDB, notes what is called, and lets go wrong what can. */
public final class Between implements AutoCloseable {
  /** What becomes of a call. */
  @FunctionalInterface
  public interface Fate {
    /** The answer; without one, the connection is cut. {@code way} is the way to DynamoDB. */
    Optional<Reply> meet(Way way) throws IOException;
  }

  /** The way to DynamoDB and back. */
  @FunctionalInterface
  public interface Way {
    /** Does what was called. */
    Reply send() throws IOException;
  }

  /** An answer of DynamoDB's. */
  public record Reply(int status, String body) {}

  /** It goes through. */
  public static final Fate THROUGH = way -> Optional.of(way.send());

  /** It is done, but the answer gets lost. */
  public static final Fate ANSWER_LOST =
      way -> {
        way.send();
        return Optional.empty();
      };

  /** Nobody is there. */
  public static final Fate CUT = _ -> Optional.empty();

  private final URI dynamo;
  private final ServerSocket server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile Fate fate = THROUGH;

  /** Stands before that engine. */
  public Between(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo.endpoint();
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  /** It is refused in that way, and not done. */
  public static Fate refused(int status, String code) {
    return answered(
        status,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"no\"}".formatted(code));
  }

  /** It is answered so, and not done. */
  public static Fate answered(int status, String body) {
    return _ -> Optional.of(new Reply(status, body));
  }

  /** A client as the service makes it, which comes by here. */
  public DynamoDbClient client() {
    return client(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }

  /** A client with other credentials. */
  public DynamoDbClient client(AwsCredentialsProvider credentials) {
    return client(credentials, List.of());
  }

  /** A client whose calls pass by these. */
  public DynamoDbClient client(List<ExecutionInterceptor> interceptors) {
    return client(
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
        interceptors);
  }

  private DynamoDbClient client(
      AwsCredentialsProvider credentials, List<ExecutionInterceptor> interceptors) {
    return Dynamo.client(interceptors)
        .endpointOverride(URI.create("http://127.0.0.1:" + server.getLocalPort()))
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(credentials)
        .build();
  }

  /** What becomes of calls from now on. */
  public void let(Fate next) {
    fate = next;
  }

  /** What becomes of the next call; those behind it go through. */
  public void letNext(Fate next) {
    fate =
        way -> {
          fate = THROUGH;
          return next.meet(way);
        };
  }

  /** The operations that were called, in their order. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        open.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed: that is how it ends.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      for (var head = head(in); !head.isEmpty(); head = head(in)) {
        var fields = fields(head);
        var body = in.readNBytes(Integer.parseInt(fields.getOrDefault("Content-Length", "0")));
        var target = fields.getOrDefault("X-Amz-Target", "");
        calls.add(target.substring(target.indexOf('.') + 1));
        var reply = fate.meet(() -> send(fields, body));
        if (reply.isEmpty()) {
          return;
        }
        answer(socket, reply.get());
      }
    } catch (IOException _) {
      // The client has gone, or this has been closed.
    } finally {
      open.remove(socket);
    }
  }

  /** All up to the empty line; nothing when there is no further request. */
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
      var answer = http.send(request.build(), BodyHandlers.ofString());
      return new Reply(answer.statusCode(), answer.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void answer(Socket socket, Reply reply) throws IOException {
    var body = reply.body().getBytes(StandardCharsets.UTF_8);
    var head =
        "HTTP/1.1 %d X\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\n\r\n"
            .formatted(reply.status(), body.length);
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    whole.writeBytes(body);
    whole.writeTo(socket.getOutputStream());
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
