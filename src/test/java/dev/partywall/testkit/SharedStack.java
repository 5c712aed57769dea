package dev.partywall.testkit;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.LocalOidcIssuer;
import dev.partywall.observability.log.JsonLogProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The parts of the local stack that all services of a test run share.
 *
 * @param stops the services that are being stopped
 */
record SharedStack(
    LocalDynamo engine,
    LocalOidcIssuer issuer,
    LocalOidcIssuer operators,
    Queue<CompletableFuture<Void>> stops)
    implements AutoCloseable {
  static final Namespace NAMESPACE = Namespace.create(SharedStack.class);

  /** Returns the stack of this test run, which starts with the first call. */
  static SharedStack in(ExtensionContext context) {
    // Before the first logger, which DynamoDB Local creates.
    JsonLogProvider.select("info");
    // Started first, because the store closes its values in the reverse order.
    var engine = LocalDynamo.SharedLocalDynamo.in(context);
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(SharedStack.class, _ -> start(engine), SharedStack.class);
  }

  private static SharedStack start(LocalDynamo engine) {
    try {
      var issuer = LocalOidcIssuer.start();
      return new SharedStack(
          engine, issuer, issuer.operators("/operators"), new ConcurrentLinkedQueue<>());
    } catch (IOException e) {
      throw new UncheckedIOException("The local issuer did not start: " + e.getMessage(), e);
    }
  }

  /** Begins to stop a service. Several services drain at the same time, each for some seconds. */
  void stop(RunningService service) {
    stops.add(CompletableFuture.runAsync(service::close, Thread::startVirtualThread));
  }

  /** Waits for the end of the services, and stops the issuers. The engine ends separately. */
  @Override
  public void close() {
    try {
      stops.forEach(CompletableFuture::join);
    } finally {
      issuer.close();
    }
  }
}
