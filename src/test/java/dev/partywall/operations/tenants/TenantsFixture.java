package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.identity.Authorize;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.audit.AuditFilter;
import dev.partywall.observability.audit.AuditLog;
import dev.partywall.observability.audit.AuditWriter;
import dev.partywall.observability.log.CapturedLog;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.IdleOperations;
import dev.partywall.operations.provisioning.SiloProvisioning;
import dev.partywall.orders.OpenApiValidation;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.runtime.openapi.OpenApiDocument;
import dev.partywall.storage.Ids;
import dev.partywall.storage.Meters;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tier;
import dev.partywall.tenancy.Tiers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operators' routes on a real port, with the filters for audit and authorization. Two headers
 * identify the operator instead of a token. Every response is validated against the OpenAPI
 * description.
 */
final class TenantsFixture implements AutoCloseable {
  static final String ACME = "{\"id\":\"acme\",\"name\":\"Acme GmbH\",\"tier\":\"premium\"}";
  static final String SCOPES = "tenants:read tenants:admin";

  /** Eleven trusted issuers, one more than a tenant can name. */
  static final List<String> ISSUERS =
      IntStream.range(0, 11).mapToObj(i -> "https://idp" + i + ".example").toList();

  static final TenantRules RULES =
      new TenantRules(tiers(), Set.of("order-notes", "order-export"), new HashSet<>(ISSUERS));

  private static final OffboardingRules OFFBOARDING =
      new OffboardingRules(Duration.ofDays(30), true);

  final ShiftedClock clock = new ShiftedClock(Instant.parse("2026-11-28T08:00:00.123987Z"));
  final RegistryFixture registry;
  private final CapturedLog log = new CapturedLog();
  private final OpenApiValidation openApi;
  private final JdkServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  /** A response. */
  record TenantsResponse(HttpResponse<byte[]> raw) {
    int status() {
      return raw.statusCode();
    }

    String text() {
      return new String(raw.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      return Json.parse(raw.body());
    }

    String etag() {
      return header("ETag").orElseThrow();
    }

    Optional<String> header(String name) {
      return raw.headers().firstValue(name);
    }

    String detail() {
      return json().required("detail").textValue();
    }

    /** Returns the last segment of a problem's type. */
    String problem() {
      return json().required("type").textValue().replaceAll(".*/", "");
    }

    /** Returns the faults of a 422, one a line, sorted. */
    String faults() {
      return json()
          .required("errors")
          .valueStream()
          .map(fault -> fault.get("pointer").asText() + ": " + fault.get("detail").asText())
          .sorted()
          .collect(Collectors.joining("\n"));
    }
  }

  /** Starts the routes without a provisioner. */
  TenantsFixture(LocalDynamo dynamo) throws IOException {
    this(dynamo, false, OFFBOARDING);
  }

  TenantsFixture(LocalDynamo dynamo, boolean withProvisioner) throws IOException {
    this(dynamo, withProvisioner, OFFBOARDING);
  }

  TenantsFixture(LocalDynamo dynamo, boolean withProvisioner, OffboardingRules offboarding)
      throws IOException {
    registry = new RegistryFixture(dynamo);
    var ids = new Ids(new SecureRandom());
    var operations = IdleOperations.of(registry, OperationKind.OFFBOARDING);
    var provisioning = new SiloProvisioning(operations, TenantsFixture::randomId);
    var silos = Optional.of(provisioning).filter(_ -> withProvisioner);
    var checked = new CheckedClock(clock, registry.clockDifference::get);
    var routes = TenantRoutes.of(registry.hooked(), operations, RULES, silos, ids, checked);
    var deletion =
        OffboardingRoutes.of(
            registry.registry, operations, offboarding, TenantsFixture::randomId, checked);
    var service = new OpenApiDocument.ServiceInfo("orders", "1");
    var usage = Route.of("GET", "/usage", "usage:read", _ -> Response.of(501));
    var tenant =
        new Route("GET", "/tenant", new Route.Access.Authenticated(), _ -> Response.of(501));
    var bills =
        Stream.of("/tenants/{id}/usage", "/usage/tenants")
            .map(path -> Route.operator("GET", path, "tenants:read", _ -> Response.of(501)))
            .toList();
    var kernel =
        Stream.of(routes, deletion, bills, List.of(usage, tenant)).flatMap(List::stream).toList();
    var router = new Router(OpenApiDocument.routes(service, List.of(), new Meters(), kernel));
    server =
        JdkServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Filter.chain(filters(router), router.dispatchHandler()),
            ListenerLimits.DEFAULT);
    openApi =
        new OpenApiValidation(
            exchange(HttpRequest.newBuilder(uri("/openapi.json")).build()).body());
  }

  private static String randomId() {
    return UUID.randomUUID().toString();
  }

  private static Tiers tiers() {
    var limits = Tiers.BUILT_IN.of("free").limits();
    return new Tiers(
        Stream.of(
                new Tier("free", limits, Optional.empty(), Map.of()),
                new Tier("premium", limits, Optional.empty(), Map.of()),
                new Tier("dedicated", limits, Optional.of(new Placement.Silo()), Map.of()),
                new Tier("wide", limits, Optional.of(new Placement.ShardedPool(4)), Map.of()))
            .collect(Collectors.toMap(Tier::name, tier -> tier)));
  }

  private List<Filter> filters(Router router) {
    var ids = TraceIds.ofThreadLocalRandom();
    var audit = new AuditWriter(log.factory().reservedOutput(), ids, clock);
    return List.of(
        (request, next) -> ids.newExecution().call(() -> next.handle(request)),
        new SelectRoute(router),
        new ProblemDetailsFilter("orders", () -> "0af7651916cd43dd8448eb211c80319c"),
        new AuditFilter(new AuditLog(audit, clock), Set.of(OffboardingRoutes.RECEIPT)),
        new RejectMalformed(),
        TenantsFixture::authenticate,
        new Authorize());
  }

  private static Response authenticate(Request request, Handler next) {
    if (request.match().isOpen()) {
      return next.handle(request);
    }
    var name = request.headers().first("Test-User").orElseThrow();
    var scopes = Set.of(request.headers().first("Test-Scopes").orElseThrow().split(" "));
    Execution.current().orElseThrow().setIdentity(new Identity.Operator(name, scopes));
    return next.handle(request.withSubject(name));
  }

  /** Returns the audit entries about a path, one a line. */
  String audited(String object) {
    return log.lines().stream()
        .filter(line -> line.path("logger").asText().equals("audit"))
        .filter(line -> line.path("object").asText().equals(object))
        .map(line ->
            Stream.of("actor", "actorType", "tenant", "action", "outcome", "reason", "status")
                .filter(line::has)
                .map(name -> line.get(name).asText())
                .collect(Collectors.joining(" ")))
        .collect(Collectors.joining("\n"));
  }

  TenantsResponse get(String path, String... headers) {
    return send("olga", SCOPES, "GET", path, null, headers);
  }

  TenantsResponse post(String body, String... headers) {
    return send("olga", SCOPES, "POST", "/tenants", body, headers);
  }

  /** Registers a tenant, with these members besides its id, name and tier. */
  TenantsResponse register(String id, String... members) {
    var all =
        Stream.concat(
            Stream.of("\"id\":\"" + id + "\",\"name\":\"N\",\"tier\":\"free\""),
            Stream.of(members));
    return post(all.collect(Collectors.joining(",", "{", "}")));
  }

  TenantsResponse patch(String id, String etag, String body) {
    return send("olga", SCOPES, "PATCH", "/tenants/" + id, body, "If-Match", etag);
  }

  TenantsResponse delete(String id, String etag, String query) {
    return send("olga", SCOPES, "DELETE", "/tenants/" + id + query, null, "If-Match", etag);
  }

  TenantsResponse send(
      String user,
      String scopes,
      String method,
      String path,
      @Nullable String body,
      String... headers) {
    var content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    var request =
        HttpRequest.newBuilder(uri(path))
            .method(method, content)
            .header("Test-User", user)
            .header("Test-Scopes", scopes);
    if (body != null && !List.of(headers).contains("Content-Type")) {
      var patch = method.equals("PATCH");
      request.header("Content-Type", patch ? "application/merge-patch+json" : "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    var response = exchange(request.build());
    var status = response.statusCode();
    openApi.check(
        method, path.replaceAll("\\?.*", ""), status, response.headers().map(), response.body());
    var bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    var comparesQuery = body == null && headers.length == 0 && !path.contains("cursor=");
    openApi.requests().check(method, path, bytes, status, comparesQuery);
    return new TenantsResponse(response);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    http.close();
    server.close();
    registry.close();
  }
}
