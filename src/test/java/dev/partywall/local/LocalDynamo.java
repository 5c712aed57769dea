package dev.partywall.local;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;
import software.amazon.dynamodb.services.local.shared.access.sqlite.SQLiteLibraryLoader;

/**
 * DynamoDB Local, in this process, in memory, on the loopback interface. It evaluates no policy and
 * checks no signature.
 */
public final class LocalDynamo implements AutoCloseable {
  /**
   * The constructor of a handler replaces a static map, in which each engine of the JVM looks up
   * the operation of a request. A request during the replacement would be rejected as {@code
   * InvalidAction}.
   */
  private static final ReadWriteLock DISPATCH = new ReentrantReadWriteLock();

  private final Server server;
  private final LocalDynamoDBRequestHandler engine;
  private final URI endpoint;
  private final String accessKeyId;
  private final AtomicInteger prefixes = new AtomicInteger();

  private LocalDynamo(
      Server server, LocalDynamoDBRequestHandler engine, URI endpoint, String accessKeyId) {
    this.server = server;
    this.engine = engine;
    this.endpoint = endpoint;
    this.accessKeyId = accessKeyId;
  }

  /** Starts an engine on {@code port} that accepts every access key. */
  public static LocalDynamo start(int port) throws Exception {
    return start(port, "local", Optional.empty());
  }

  /** Starts an engine on a free port that accepts every access key. */
  public static LocalDynamo start() throws Exception {
    return start(0);
  }

  /**
   * Starts an engine on a free port that accepts only a new random access key. {@link #client()}
   * and the local IAM enforcer use this key.
   */
  public static LocalDynamo startRestricted() throws Exception {
    var key = UUID.randomUUID().toString().replace("-", "");
    return start(0, key, Optional.of(new AccessKeyCheck(key)));
  }

  private static LocalDynamo start(int port, String key, Optional<AccessKeyCheck> check)
      throws Exception {
    loadNativeLibrary();
    // The engine's own starter always listens on all interfaces.
    var server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    // In memory, with one set of tables for all access keys, as in AWS.
    var engine = new LocalDynamoDBRequestHandler(0, true, null, true, false);
    var handler = handlerOf(engine);
    server.setHandler(check.<Handler>map(keyCheck -> keyCheck.wrap(handler)).orElse(handler));
    server.start();
    var bound = ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
    return new LocalDynamo(server, engine, URI.create("http://127.0.0.1:" + bound), key);
  }

  private static Handler handlerOf(LocalDynamoDBRequestHandler engine) {
    DISPATCH.writeLock().lock();
    try {
      return new Handler.Wrapper(new LocalDynamoDBServerHandler(engine, null)) {
        @Override
        public boolean handle(Request request, Response response, Callback callback)
            throws Exception {
          DISPATCH.readLock().lock();
          try {
            return super.handle(request, response, callback);
          } finally {
            DISPATCH.readLock().unlock();
          }
        }
      };
    } finally {
      DISPATCH.writeLock().unlock();
    }
  }

  /** Loads SQLite now: a failure during the first request would only be an internal error. */
  private static void loadNativeLibrary() {
    try {
      SQLiteLibraryLoader.initialize();
    } catch (Exception e) {
      throw new IllegalStateException(
          "DynamoDB Local cannot load its native library. It unpacks the library into"
              + " java.io.tmpdir, which must be writable and permit execution: "
              + System.getProperty("java.io.tmpdir")
              + ". "
              + e.getMessage(),
          e);
    }
  }

  /** Returns the engine's URL. */
  public URI endpoint() {
    return endpoint;
  }

  /** Returns the access key that requests to the engine must name. */
  public String accessKeyId() {
    return accessKeyId;
  }

  /** Returns a client that bypasses the local IAM enforcer and HTTP. */
  public DynamoDbClient client() {
    return DirectClient.of(engine, accessKeyId);
  }

  /** Returns a unique table prefix. It lets tests share one engine. */
  public String uniquePrefix() {
    return "test" + prefixes.incrementAndGet() + "-";
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local did not stop", e);
    }
    engine.shutdown(); // ends the threads of its database and of its schedulers
  }

  /** Rejects requests that do not name {@code key}. */
  private record AccessKeyCheck(String key) {
    Handler wrap(Handler engine) {
      var credential = "Credential=" + key + "/";
      return new Handler.Wrapper(engine) {
        @Override
        public boolean handle(Request request, Response response, Callback callback)
            throws Exception {
          var authorization = request.getHeaders().get("Authorization");
          if (authorization != null && authorization.contains(credential)) {
            return super.handle(request, response, callback);
          }
          Response.writeError(request, response, callback, 403);
          return true;
        }
      };
    }
  }

  /**
   * Injects an engine that the tests of a class share into parameters of type {@link LocalDynamo}.
   * Register it with {@code @ExtendWith}. An engine for all classes would become slow: it reads the
   * descriptions of all its tables once a second.
   */
  public static final class SharedLocalDynamo implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == LocalDynamo.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return of(testClass(context));
    }

    /** Returns the engine of this JVM, which starts with the first call. */
    public static LocalDynamo in(ExtensionContext context) {
      return of(context.getRoot());
    }

    /** Returns the context of the outermost test class. */
    private static ExtensionContext testClass(ExtensionContext context) {
      return context
          .getParent()
          .filter(parent -> parent.getTestClass().isPresent())
          .map(SharedLocalDynamo::testClass)
          .orElse(context);
    }

    private static LocalDynamo of(ExtensionContext owner) {
      return owner
          .getStore(Namespace.create(SharedLocalDynamo.class, owner.getUniqueId()))
          .computeIfAbsent(LocalDynamo.class, _ -> startShared(), LocalDynamo.class);
    }

    private static LocalDynamo startShared() {
      try {
        return LocalDynamo.start();
      } catch (Exception e) {
        throw new IllegalStateException("DynamoDB Local did not start", e);
      }
    }
  }
}
