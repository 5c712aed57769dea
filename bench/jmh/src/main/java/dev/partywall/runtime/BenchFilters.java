package dev.partywall.runtime;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.filters.RequestTimeout;
import dev.partywall.identity.Algorithm;
import dev.partywall.identity.Authenticate;
import dev.partywall.identity.BenchIssuer;
import dev.partywall.identity.TrustedIssuers;
import dev.partywall.metering.Ledger;
import dev.partywall.metering.Metering;
import dev.partywall.tenancy.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The product's {@link FilterChain} and a request that passes all filters. */
final class BenchFilters implements AutoCloseable {
  /** The filters that only produce telemetry. */
  private static final Set<Door> TELEMETRY =
      EnumSet.of(
          Door.TRACE,
          Door.ACCESS_LOG,
          Door.METRICS,
          Door.METER_ANSWERS,
          Door.AUDIT,
          Door.METER_REQUESTS);

  private final InstantSource clock = InstantSource.system();
  private final Path journal = Files.createTempDirectory("partywall-jmh");
  private final BenchIssuer issuer = new BenchIssuer();
  private final TrustedIssuers issuers = issuer.trustedIssuers();
  private final Request request = request(issuer.token(Algorithm.RS256));
  private final FilterChain filterChain;

  /** Uses the limits of {@link Service}. Call {@link DiscardedOutput#install} before. */
  BenchFilters() throws Exception {
    var random = new SecureRandom();
    var telemetry = new Telemetry(random, clock);
    var ledger = new Ledger(new UnusedDynamo(), "partywall-", clock, random);
    filterChain =
        new FilterChain(
            telemetry,
            Metering.open(journal, ledger, Metering.Sources.SYSTEM),
            new RequestTimeout(Service.REQUEST_TIMEOUT),
            Service.newConcurrencyLimit(),
            new Authenticate(BenchIssuer.policy(), issuers, clock, telemetry.tokenListener()));
  }

  Telemetry telemetry() {
    return filterChain.telemetry();
  }

  Metering metering() {
    return filterChain.metering();
  }

  /** Returns the filter at the given position. */
  Filter filterAt(Door door, Router router) {
    return filterChain.at(door, router);
  }

  /** Returns the complete filter chain. */
  Handler filterChain(List<Route> routes) {
    return filterChain.build(routes);
  }

  /** Returns the filter chain without telemetry. The scope is still bound. */
  Handler withoutTelemetry(List<Route> routes) {
    var router = new Router(routes);
    var withoutTelemetry = Stream.of(Door.values()).filter(door -> !TELEMETRY.contains(door));
    var filters =
        Stream.concat(
            Stream.of(BenchFilters::inScope), withoutTelemetry.map(door -> filterAt(door, router)));
    return Filter.chain(filters.toList(), router.dispatchHandler());
  }

  /** Binds the same scope as the trace filter, without generating ids. */
  static Response inScope(Request request, Handler next) {
    return new Execution(BoundScope.IDS).call(() -> next.handle(request));
  }

  /** {@code GET /orders?limit=20}, with a token that is cached after the first request. */
  Request request() {
    return request;
  }

  /**
   * Handles the request and notifies the response's listeners, as if the response had been sent.
   */
  static Response exchange(Handler chain, Request request) {
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
    metering().close();
    issuers.close();
    issuer.close();
    filterChain.requestTimeout().close();
    telemetry().close(Duration.ZERO);
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
