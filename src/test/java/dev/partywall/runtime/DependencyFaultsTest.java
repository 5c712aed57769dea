package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.runtime.AwsFaultProxy.WireFault;
import dev.partywall.runtime.AwsFaultProxy.WireMessage;
import dev.partywall.tenancy.admission.FairQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every fault of DynamoDB and of STS, each in the calls for a tenant of its own, at the same time.
 * The service responds with 503 within 10 s, and acknowledges only orders that are stored.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(120)
class DependencyFaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Those of production, without a limit of concurrency. */
  private static final FilterChain.Limits LIMITS =
      new FilterChain.Limits(
          Duration.ofMillis(9_500),
          new FairQueue.Bounds(1_000, 1_000, 1_000, 1_000),
          Duration.ofSeconds(9));

  private static final int CONCURRENT_CASES = 8;
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":5}]}\
      """;

  private final InProcessService services;
  private final AwsFaultProxy proxy;
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final List<Callable<Void>> cases = new ArrayList<>();
  private Service service;

  DependencyFaultsTest(LocalDynamo dynamo) throws IOException {
    services = new InProcessService(dynamo);
    proxy = new AwsFaultProxy(services.fixture.aws.aws().endpoint());
  }

  @BeforeEach
  void start() throws Exception {
    var endpoints =
        Map.of(
            "AWS_ENDPOINT_URL_DYNAMODB", proxy.endpoint(),
            "AWS_ENDPOINT_URL_STS", proxy.endpoint());
    var parts = new Service.Replaceable(InstantSource.system(), System::nanoTime, LIMITS);
    service =
        InProcessService.awaitReady(
            Service.start(
                services.settings(endpoints),
                ServiceFixture.declare(List.of(OrderRoutes::of)),
                parts));
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    service.drain();
    services.close();
  }

  /** A fault in the calls for one tenant. */
  private record FaultCase(
      String name, String tenant, Predicate<WireMessage> calls, WireFault fault, boolean hangs) {}

  @Test
  void everyFaultIsA503AndNothingIsAcknowledgedThatIsNotStored() throws Exception {
    addAll("data", callsTo("orders"), WireFaults.ofDynamo(), false, this::checkData);
    addAll("hanging", callsTo("orders"), WireFaults.thatHang(), true, this::checkData);
    addAll("registry", callsTo("tenants"), WireFaults.someOfDynamo(), false, this::checkStart);
    addAll("usage", callsTo("usage"), WireFaults.someOfDynamo(), false, this::checkUsage);
    addAll("sts", DependencyFaultsTest::isSts, WireFaults.ofSts(), false, this::checkStart);
    addAll("hangingregistry", callsTo("tenants"), WireFaults.thatHang(), true, this::checkStart);
    addAll("hangingusage", callsTo("usage"), WireFaults.thatHang(), true, this::checkUsage);
    addAll(
        "hangingsts", DependencyFaultsTest::isSts, WireFaults.thatHang(), true, this::checkStart);
    addAll("slow", callsTo("orders"), WireFaults.withoutEffect(), false, this::checkServed);
    addAll("slowtenants", callsTo("tenants"), WireFaults.withoutEffect(), false, this::checkServed);
    addAll(
        "slowsts",
        DependencyFaultsTest::isSts,
        WireFaults.withoutEffect(),
        false,
        this::checkServed);
    try (var threads = Executors.newFixedThreadPool(CONCURRENT_CASES)) {
      for (var result : threads.invokeAll(cases)) {
        result.get();
      }
    }
    assertEquals("", String.join("\n", violations));
  }

  /** A check of one case. */
  @FunctionalInterface
  private interface CaseCheck {
    void check(FaultCase fault);
  }

  private void addAll(
      String kind,
      Predicate<WireMessage> calls,
      Map<String, WireFault> faults,
      boolean hang,
      CaseCheck check) {
    faults.forEach((name, fault) -> {
      var tenant = "fault-" + kind + "-" + cases.size();
      var faultCase = new FaultCase(kind + ": " + name, tenant, calls, fault, hang);
      cases.add(() -> {
        check.check(faultCase);
        return null;
      });
    });
  }

  /** The usage of several tenants is shipped in one transaction, which must succeed. */
  private Predicate<WireMessage> callsTo(String table) {
    var name = "\"" + services.fixture.prefix + table + "\"";
    return call ->
        call.body().contains(name)
            && !(table.equals("usage") && call.head().contains("TransactWriteItems"));
  }

  private static boolean isSts(WireMessage call) {
    return !call.head().toLowerCase(Locale.ROOT).contains("\r\nx-amz-target:");
  }

  private void checkData(FaultCase fault) {
    var first = place(fault, "first");
    inject(fault);
    requireUnavailable(fault, "GET " + first.field("Location").orElse("/none"));
    requireUnavailable(fault, "GET /orders");
    requireUnavailable(fault, "POST /orders");
    var isHandled = proxy.heal(fault.tenant());
    place(fault, "second");
    requireOrders(fault, 2);
    if (fault.name().contains("after the timeout")) {
      Conditions.await(() -> !isHandled.getAsBoolean(), "a call is not performed");
      requireOrders(fault, 2);
    }
  }

  /** The tenant is not in memory yet: neither its record nor its credentials. */
  private void checkStart(FaultCase fault) {
    checkFirstRequests(fault, "GET /orders");
  }

  private void checkUsage(FaultCase fault) {
    checkFirstRequests(fault, "GET /usage");
  }

  private void checkFirstRequests(FaultCase fault, String read) {
    inject(fault);
    requireUnavailable(fault, read);
    requireUnavailable(fault, "POST /orders");
    var _ = proxy.heal(fault.tenant());
    place(fault, "second");
    requireOrders(fault, 1);
  }

  private void checkServed(FaultCase fault) {
    inject(fault);
    require(fault, "POST /orders", 201, send(fault, "POST /orders", ""));
    require(fault, "GET /orders", 200, send(fault, "GET /orders", ""));
    var _ = proxy.heal(fault.tenant());
    requireOrders(fault, 1);
  }

  private void inject(FaultCase fault) {
    proxy.inject(fault.tenant(), fault.calls(), fault.fault());
  }

  /** Places an order without a fault. Each key has one order, however often it is repeated. */
  private RawResponse place(FaultCase fault, String key) {
    var response = awaitServed(fault, "POST /orders", "Idempotency-Key: \"" + key + "\"\r\n");
    require(fault, "POST /orders without a fault", 201, response);
    return response;
  }

  /**
   * Repeats a request without a fault: a tenant without credentials is rejected for a second after
   * a failure, and requests on a busy machine may time out. Such a 503 has a Retry-After.
   */
  private RawResponse awaitServed(FaultCase fault, String request, String fields) {
    return Conditions.awaitResult(
        () -> send(fault, request, fields),
        response -> response.status() != 503 || response.field("Retry-After").isEmpty(),
        fault.name() + ": " + request + ": still 503 after the fault");
  }

  private void requireUnavailable(FaultCase fault, String request) {
    var start = System.nanoTime();
    var fields = request.startsWith("POST") ? "Idempotency-Key: \"second\"\r\n" : "";
    var response =
        send(fault, request, fault.hangs() ? fields + "Request-Timeout-Ms: 800\r\n" : fields);
    require(fault, request, 503, response);
    if (response.field("Retry-After").isEmpty()) {
      violations.add(fault.name() + ": " + request + ": no Retry-After");
    }
    if (System.nanoTime() - start > LIMIT.toNanos()) {
      violations.add(fault.name() + ": " + request + ": too late");
    }
  }

  private void require(FaultCase fault, String request, int status, RawResponse response) {
    if (response.status() != status) {
      violations.add(
          "%s: %s: %d %s".formatted(fault.name(), request, response.status(), response.text()));
    }
  }

  private void requireOrders(FaultCase fault, int expected) {
    var response = awaitServed(fault, "GET /orders", "");
    require(fault, "GET /orders afterwards", 200, response);
    var orders = Json.parseStored(response.text()).path("orders").size();
    if (orders != expected) {
      violations.add(fault.name() + ": " + orders + " orders");
    }
  }

  private String token(String tenant) {
    return services.fixture.token(tenant, "alice", "orders:read orders:write usage:read");
  }

  private RawResponse send(FaultCase fault, String request, String fields) {
    var token = tokens.computeIfAbsent(fault.tenant(), this::token);
    var body = request.startsWith("POST") ? ORDER : "";
    var message =
        """
        %s HTTP/1.1\r
        Host: localhost\r
        Connection: close\r
        Authorization: Bearer %s\r
        Content-Type: application/json\r
        Content-Length: %d\r
        %s\r
        %s\
        """
            .formatted(request, token, body.length(), fields, body);
    try (var client = new RawClient(service.port())) {
      return client.send(message.getBytes(StandardCharsets.ISO_8859_1)).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
