package dev.partywall.local;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * Amazon's own DynamoDB engine, in this process and in memory, reachable from this machine alone.
 * It evaluates no policy and checks no signature.
 */
public final class LocalDynamo implements AutoCloseable {
  private final Server server;
  private final URI endpoint;
  private final String accessKeyId;
  private final AtomicInteger prefixes = new AtomicInteger();

  private LocalDynamo(Server server, URI endpoint, String accessKeyId) {
    this.server = server;
    this.endpoint = endpoint;
    this.accessKeyId = accessKeyId;
  }

  /** Starts one on that port, for whoever can reach it. */
  public static LocalDynamo start(int port) throws Exception {
    return start(port, "local", Optional.empty());
  }

  /** Starts one on a free port, for whoever can reach it. */
  public static LocalDynamo start() throws Exception {
    return start(0);
  }

  /**
   * Starts one on a free port that answers only to a key drawn anew: to {@link #client()}, and to
   * what is put in front of it.
   */
  public static LocalDynamo sealed() throws Exception {
    var key = UUID.randomUUID().toString().replace("-", "");
    return start(0, key, Optional.of(new Seal(key)));
  }

  private static LocalDynamo start(int port, String key, Optional<Seal> seal) throws Exception {
    // The engine's own starter listens on every interface of the machine, and can't be told not to.
    var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.setHandler(seal.map(s -> s.around(engine())).orElseGet(LocalDynamo::engine));
    server.start();
    var bound = ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
    return new LocalDynamo(server, URI.create("http://127.0.0.1:" + bound), key);
  }

  private static Handler engine() {
    // In memory, and one set of tables for all access keys, as at AWS.
    return new LocalDynamoDBServerHandler(
        new LocalDynamoDBRequestHandler(0, true, null, true, false), null);
  }

  /** Where it listens. */
  public URI endpoint() {
    return endpoint;
  }

  /** The access key under which it is asked. */
  public String accessKeyId() {
    return accessKeyId;
  }

  /** A client that sends to it straight. */
  public DynamoDbClient client() {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, "local")))
        .build();
  }

  /** A table prefix that no other caller gets, so that tests can share the engine. */
  public String freshPrefix() {
    return "test" + prefixes.incrementAndGet() + "-";
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local did not stop", e);
    }
  }

  /** Turns away whoever does not name the key. */
  private record Seal(String key) {
    Handler around(Handler engine) {
      var mark = "Credential=" + key + "/";
      return new Handler.Wrapper(engine) {
        @Override
        public boolean handle(Request request, Response response, Callback callback)
            throws Exception {
          var authorization = request.getHeaders().get("Authorization");
          if (authorization != null && authorization.contains(mark)) {
            return super.handle(request, response, callback);
          }
          Response.writeError(request, response, callback, 403);
          return true;
        }
      };
    }
  }

  /**
   * Hands a test the engine that all tests of this JVM share: {@code @ExtendWith} it and ask for a
   * {@link LocalDynamo}.
   */
  public static final class Shared implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == LocalDynamo.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(Shared.class))
          .computeIfAbsent(LocalDynamo.class, _ -> started(), LocalDynamo.class);
    }

    private static LocalDynamo started() {
      try {
        return LocalDynamo.start();
      } catch (Exception e) {
        throw new IllegalStateException("DynamoDB Local did not start", e);
      }
    }
  }
}
