package dev.partywall.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * Amazon's own DynamoDB engine, in this process and in memory. It evaluates no policy and checks no
 * signature.
 */
public final class LocalDynamo implements AutoCloseable {
  private final DynamoDBProxyServer server;
  private final URI endpoint;
  private final AtomicInteger prefixes = new AtomicInteger();

  private LocalDynamo(DynamoDBProxyServer server, URI endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  /** Starts one on that port. */
  public static LocalDynamo start(int port) throws Exception {
    // One set of tables for all access keys, as at AWS: without -sharedDb each key sees its own.
    var args =
        new String[] {"-inMemory", "-sharedDb", "-disableTelemetry", "-port", String.valueOf(port)};
    var server = ServerRunner.createServerFromCommandLineArgs(args);
    server.start();
    return new LocalDynamo(server, URI.create("http://127.0.0.1:" + port));
  }

  /** Starts one on a free port. */
  public static LocalDynamo start() throws Exception {
    return start(freePort());
  }

  /** Where it listens. */
  public URI endpoint() {
    return endpoint;
  }

  /** A client that sends to it straight. */
  public DynamoDbClient client() {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
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

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
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
