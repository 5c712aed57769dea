package dev.partywall.runtime;

import dev.partywall.bench.jmh.Algorithm;
import dev.partywall.bench.jmh.BenchIssuer;
import dev.partywall.bench.jmh.BoundScope;
import dev.partywall.bench.jmh.DiscardedOutput;
import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.metering.Metering;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.MeterRequests;
import dev.partywall.metering.meter.MeterResponses;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.observability.audit.AuditFilter;
import dev.partywall.observability.log.AccessLog;
import dev.partywall.observability.metrics.RequestMetrics;
import dev.partywall.observability.trace.TraceFilter;
import dev.partywall.storage.CapacityInterceptor;
import dev.partywall.tenancy.BindTenant;
import dev.partywall.tenancy.RequestGenerations;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.admission.TenantLimiter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The product's {@link FilterChain}, built once, and a request that passes all filters. */
public final class BenchFilters implements AutoCloseable {
  /** The number of filters. */
  public static final int COUNT = 16;

  /** The filters that only produce telemetry. */
  private static final Set<Class<? extends Filter>> TELEMETRY =
      Set.of(
          TraceFilter.class,
          AccessLog.class,
          RequestMetrics.class,
          MeterResponses.class,
          AuditFilter.class,
          MeterRequests.class);

  private final InstantSource clock = InstantSource.system();
  private final Path journal = Files.createTempDirectory("partywall-jmh");
  private final BenchIssuer issuer = new BenchIssuer();
  private final TrustedIssuers issuers = issuer.trustedIssuers();
  private final Request request = request(issuer.token(Algorithm.RS256));
  private final Resources resources = new Resources();
  private final Telemetry telemetry;
  private final Metering metering;
  private List<Filter> filters = List.of();

  /** Uses the limits of the service. Call {@link DiscardedOutput#install} before. */
  public BenchFilters() throws Exception {
    var random = new SecureRandom();
    telemetry = new Telemetry(clock);
    var ledger =
        new Ledger(new UnusedDynamo(), "partywall-", new ServiceMeters(List.of()), clock, random);
    metering =
        Metering.open(
            journal,
            ledger,
            new Metering.Sources(
                clock,
                System::nanoTime,
                UUID::randomUUID,
                telemetry.ids()::newExecution,
                tenant -> Tiers.BUILT_IN.of(tenant).name()));
  }

  /** Returns the product's interceptors of a tenant's calls to DynamoDB. */
  public List<ExecutionInterceptor> interceptors() {
    var interceptors = new ArrayList<>(telemetry.interceptors());
    interceptors.add(new CapacityInterceptor(metering.meter()));
    return interceptors;
  }

  /** Returns the product's telemetry of tenant credentials. */
  public CredentialListener credentialListener() {
    return telemetry.credentialListener();
  }

  /** Returns the filter of this type. Use the same router in all calls. */
  public Filter filter(Class<? extends Filter> type, Router router) {
    return filters(router).stream().filter(type::isInstance).findFirst().orElseThrow();
  }

  /** Returns the complete filter chain. */
  public Handler filterChain(List<Route> routes) {
    var router = new Router(routes);
    return Filter.chain(filters(router), router.dispatchHandler());
  }

  /** Returns the filter chain without telemetry. The scope is still bound. */
  public Handler withoutTelemetry(List<Route> routes) {
    var router = new Router(routes);
    var withoutTelemetry =
        filters(router).stream().filter(filter -> !TELEMETRY.contains(filter.getClass()));
    var filters = Stream.concat(Stream.of(BoundScope::filter), withoutTelemetry);
    return Filter.chain(filters.toList(), router.dispatchHandler());
  }

  /** Returns the filters, which exist once: their metrics are registered once. */
  private List<Filter> filters(Router router) {
    if (filters.isEmpty()) {
      var chain =
          new FilterChain(
              "orders",
              telemetry,
              metering.meter(),
              BenchIssuer.policy(),
              issuers,
              new BindTenant(
                  user -> new Tenant(user.tenant(), user.tier(), Optional.empty()),
                  new RequestGenerations(System::nanoTime)),
              new TenantLimiter(
                  _ -> dev.partywall.tenancy.Limits.NONE,
                  _ -> 0,
                  (_, _) -> 1,
                  System::nanoTime,
                  clock),
              clock);
      var processors = Runtime.getRuntime().availableProcessors();
      filters =
          chain.filters(
              router,
              FilterChain.Limits.of(processors, Runtime.getRuntime().maxMemory()),
              resources);
    }
    return filters;
  }

  /** {@code GET /orders?limit=20}, with a token that is cached after the first request. */
  public Request request() {
    return request;
  }

  /**
   * Handles the request and notifies the response's listeners, as if the response had been sent.
   */
  public static Response exchange(Handler chain, Request request) {
    var response = chain.handle(request);
    var sent = new Response.SendResult(response.body().length, Duration.ofNanos(123_456), true);
    for (var listener : response.listeners()) {
      listener.accept(sent);
    }
    return response;
  }

  private static Request request(String token) {
    var headers =
        Headers.of(
            List.of(
                new Headers.Field("Host", "orders.example.com"),
                new Headers.Field("User-Agent", "orders-app/4.2 (okhttp)"),
                new Headers.Field("Accept", "application/json"),
                new Headers.Field("Authorization", "Bearer " + token)));
    var target = new RequestTarget("/orders", List.of("orders"), Map.of("limit", List.of("20")));
    return Request.of("GET", target, headers, Body.NONE);
  }

  @Override
  public void close() throws IOException {
    metering.close();
    issuer.close();
    resources.release(Duration.ZERO);
    telemetry.close(Duration.ZERO);
    try (var files = Files.list(journal)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(journal);
  }

  /** The ledger's DynamoDB client, which the benchmarks never call. */
  private static final class UnusedDynamo implements DynamoDbClient {
    @Override
    public String serviceName() {
      return "dynamodb";
    }

    @Override
    public void close() {
      // No resources to release.
    }
  }
}
