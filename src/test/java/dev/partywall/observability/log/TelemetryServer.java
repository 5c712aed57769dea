package dev.partywall.observability.log;

import dev.partywall.http.Filter;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.observability.audit.AuditFilter;
import dev.partywall.observability.audit.AuditLog;
import dev.partywall.observability.audit.AuditWriter;
import dev.partywall.observability.metrics.Metrics;
import dev.partywall.observability.metrics.RequestMetrics;
import dev.partywall.observability.trace.TraceFilter;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A server with all filters of this package, in the order of the filter chain, and a few routes.
 */
final class TelemetryServer implements AutoCloseable {
  final CapturedLog log = new CapturedLog(InstantSource.system());
  final Metrics metrics = new Metrics(2);
  private final JdkServer server;

  TelemetryServer(Route... additional) throws IOException {
    var ids = TraceIds.ofThreadLocalRandom();
    var auditWriter = new AuditWriter(log.factory().reservedOutput(), ids, InstantSource.system());
    var router =
        new Router(
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of(
                        Route.open("GET", "/things/{id}", _ -> Response.json(200, "{\"a\":1}")),
                        Route.open("PUT", "/things/{id}", _ -> Response.of(204)),
                        Route.open("GET", "/broken", _ -> fail()),
                        metrics.route()),
                    java.util.stream.Stream.of(additional))
                .toList());
    var filters =
        Filter.chain(
            List.of(
                new TraceFilter(ids),
                new SelectRoute(router),
                new AccessLog(log.logger("access")),
                new RequestMetrics(metrics),
                new ProblemDetailsFilter("orders", TelemetryServer::traceId),
                new AuditFilter(new AuditLog(auditWriter, InstantSource.system()), Set.of()),
                new RejectMalformed(),
                identify()),
            router.dispatchHandler());
    server =
        JdkServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            filters,
            ListenerLimits.DEFAULT);
  }

  URI uri(String target) {
    return URI.create("http://127.0.0.1:" + server.port() + target);
  }

  int port() {
    return server.port();
  }

  // Replaces token verification: trusts the Tenant header.
  private static Filter identify() {
    return (request, next) -> {
      var tenant = request.headers().first("Tenant").map(TenantId::new);
      return tenant.isPresent()
          ? asUserOf(tenant.get(), () -> next.handle(request))
          : next.handle(request);
    };
  }

  private static Response asUserOf(TenantId tenant, Supplier<Response> work) {
    var execution = Execution.current().orElseThrow();
    execution.setIdentity(
        new Identity.TenantUser(tenant, Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN));
    return execution.callForTenant(new Tenant(tenant, "premium"), work::get);
  }

  private static Response fail() {
    throw new IllegalStateException("secret-" + Thread.currentThread().getName());
  }

  private static String traceId() {
    return Execution.current().map(scope -> scope.ids().traceId()).orElse("");
  }

  @Override
  public void close() {
    server.close();
  }
}
