package dev.partywall.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.partywall.http.Filter;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.filters.RejectMalformed;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.local.LocalDynamo;
import dev.partywall.runtime.Declarations;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.PlacementKind;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.storage.TableFixture;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.features.Features;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The order routes on a real port, with a real DynamoDB engine. Three headers identify the caller
 * instead of a token. Every response is validated against the OpenAPI description.
 */
final class OrdersFixture implements AutoCloseable {
  static final String BRICKS =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":2,"unitPrice":990}]}\
      """;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  final OpenApiValidation openApi;
  private final TableFixture tables;
  private final Features features;
  private final JdkServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  /** A caller, sent in three headers. */
  record TestCaller(TenantId tenant, String user, String tier) {
    static final TestCaller FREE = new TestCaller(TableFixture.ACME, "alice", "free");
    static final TestCaller ALICE = new TestCaller(TableFixture.ACME, "alice", "standard");
    static final TestCaller BOB = new TestCaller(TableFixture.ACME, "bob", "premium");
    static final TestCaller OTHER_TENANT =
        new TestCaller(TableFixture.TENANTS.get(1), "alice", "standard");
  }

  /** A response. */
  record OrdersApiResponse(HttpResponse<byte[]> raw) {
    int status() {
      return raw.statusCode();
    }

    String text() {
      return new String(raw.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(raw.body());
      } catch (IOException e) {
        throw new AssertionError(text(), e);
      }
    }

    Optional<String> header(String name) {
      return raw.headers().firstValue(name);
    }

    String etag() {
      return header("ETag").orElseThrow();
    }

    String id() {
      return json().required("id").textValue();
    }

    /** Returns the last segment of a problem's type. */
    String problemType() {
      var type = json().required("type").textValue();
      return type.substring(type.lastIndexOf('/') + 1);
    }

    /** Returns the pointers of a 422's faults. */
    List<String> pointers() {
      return json()
          .required("errors")
          .valueStream()
          .map(fault -> fault.get("pointer").asText())
          .toList();
    }
  }

  OrdersFixture(LocalDynamo dynamo, PlacementKind kind) throws IOException {
    tables = new TableFixture(dynamo, kind);
    var declarations =
        Declarations.of(List.of(OrderRoutes::of), Map.of(), tables.clock, new SecureRandom());
    declarations.connect(tables.connection);
    features = declarations.openFeatures(Tiers.BUILT_IN);
    var usage = Route.of("GET", "/usage", "usage:read", _ -> Response.of(501));
    var tenant =
        new Route("GET", "/tenant", new Route.Access.Authenticated(), _ -> Response.of(501));
    var router = new Router(declarations.routes("orders", List.of(usage, tenant)));
    var handler =
        Filter.chain(
            List.of(
                new SelectRoute(router),
                new ProblemDetailsFilter("orders", () -> TRACE),
                new RejectMalformed(),
                bind()),
            router.dispatchHandler());
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = JdkServer.start(address, handler, ListenerLimits.DEFAULT);
    openApi =
        new OpenApiValidation(
            exchange(HttpRequest.newBuilder(uri("/openapi.json")).build()).body());
  }

  ShiftedClock clock() {
    return tables.clock;
  }

  FaultInjectingClient proxy() {
    return tables.proxy;
  }

  TableFixture tables() {
    return tables;
  }

  OrdersApiResponse get(String path, String... headers) {
    return send(TestCaller.ALICE, "GET", path, null, headers);
  }

  OrdersApiResponse post(String body, String... headers) {
    return send(TestCaller.ALICE, "POST", "/orders", body, headers);
  }

  OrdersApiResponse put(String id, String body, String... headers) {
    return send(TestCaller.ALICE, "PUT", "/orders/" + id, body, headers);
  }

  OrdersApiResponse delete(String id, String... headers) {
    return send(TestCaller.ALICE, "DELETE", "/orders/" + id, null, headers);
  }

  OrdersApiResponse send(
      TestCaller caller, String method, String path, @Nullable String body, String... headers) {
    var bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    return sendBytes(caller, method, path, bytes, headers);
  }

  OrdersApiResponse sendBytes(
      TestCaller caller, String method, String path, byte @Nullable [] body, String... headers) {
    var request =
        HttpRequest.newBuilder(uri(path))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .header("Test-Tenant", caller.tenant().value())
            .header("Test-User", caller.user())
            .header("Test-Tier", caller.tier());
    if (body != null && !List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    var response = exchange(request.build());
    var pathOnly = path.replaceAll("\\?.*", "");
    openApi.check(
        method, pathOnly, response.statusCode(), response.headers().map(), response.body());
    var comparesQuery = body == null && headers.length == 0 && !path.contains("cursor=");
    openApi.requests().check(method, path, body, response.statusCode(), comparesQuery);
    return new OrdersApiResponse(response);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private Tenant tenant(TenantId id, String tier) {
    return new Tenant(id, Optional.of(tier), Optional.of(tables.placements.registration(id)));
  }

  private Filter bind() {
    return (request, next) -> {
      var tenant = request.headers().first("Test-Tenant").map(TenantId::new);
      var user = request.headers().first("Test-User");
      var tier = request.headers().first("Test-Tier");
      if (tenant.isEmpty() || user.isEmpty() || tier.isEmpty()) {
        return next.handle(request);
      }
      return TenantContext.call(
          tenant(tenant.get(), tier.get()), () -> next.handle(request.withSubject(user.get())));
    };
  }

  @Override
  public void close() throws IOException {
    server.close();
    http.close();
    features.close();
    tables.close();
  }
}
