package dev.partywall.operations.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.identity.Authorize;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.audit.AuditLog;
import dev.partywall.observability.audit.AuditWriter;
import dev.partywall.observability.log.CapturedLog;
import dev.partywall.observability.trace.TraceFilter;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OwnedOperation.Sources;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.runtime.OperationAuditLog;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.PlacementKind;
import dev.partywall.storage.TableFixture;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantDirectory;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.OperationStore;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The route of the export on a real port, with a registry and the tables of tenants. */
final class ExportFixture implements AutoCloseable {
  /** A transaction of DynamoDB has at most 4 MB. */
  private static final int MAX_PAGE_BYTES = 3_000_000;

  static final TenantId ACME = TableFixture.ACME;

  final RegistryFixture registry;
  final TableFixture tables;
  final OperationStore operations;

  /** The time that leases measure; it moves only when a test moves it. */
  final AtomicLong nanoTime = new AtomicLong(1_000_000_000L);

  final OperationPace pace = new OperationPace(1_000_000, System::nanoTime);

  private final DynamoDbClient reader;
  private final CapturedLog log = new CapturedLog();
  private final JdkServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  ExportFixture(LocalDynamo dynamo) throws IOException {
    this(dynamo, Optional.empty());
  }

  /**
   * Creates a server.
   *
   * @param reader reads the content of the exports; empty for the client of the tables
   */
  ExportFixture(LocalDynamo dynamo, Optional<DynamoDbClient> reader) throws IOException {
    registry = new RegistryFixture(dynamo);
    tables = new TableFixture(dynamo, PlacementKind.POOL);
    this.reader = reader.orElse(tables.client);
    operations = registry.registry.operations();
    var ids = TraceIds.ofThreadLocalRandom();
    var audit = new AuditWriter(log.factory().reservedOutput(), ids, registry.clock);
    var context =
        new ExportContext(
            registry.registry,
            new ReadDirectory(),
            operations,
            new Sources(() -> UUID.randomUUID().toString(), nanoTime::get),
            registry.clock);
    var route =
        new ExportRoute(
                "orders",
                context,
                new TestSources(),
                pace,
                new OperationAuditLog(new AuditLog(audit, registry.clock)))
            .route();
    var router = new Router(List.of(route));
    var filters =
        List.<Filter>of(
            new TraceFilter(ids),
            new SelectRoute(router),
            new ProblemDetailsFilter("orders", () -> "0af7651916cd43dd8448eb211c80319c"),
            ExportFixture::authenticate,
            new Authorize());
    server =
        JdkServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Filter.chain(filters, router.dispatchHandler()),
            ListenerLimits.DEFAULT);
  }

  /** The records of the registry, without a cache. */
  private final class ReadDirectory implements TenantDirectory {
    @Override
    public Optional<TenantRecord> find(TenantId id) {
      return registry.registry.find(id);
    }

    @Override
    public boolean isNamedByTenant(String issuer) {
      return false;
    }
  }

  /** The pool, and one restored table. */
  private final class TestSources implements ExportSources {
    @Override
    public String restoredPrefix() {
      return tables.placements.pool() + ".";
    }

    @Override
    public Source live(Tenant tenant) {
      return new Source(reader, tables.placements.locationOf(tenant.id()), () -> {});
    }

    @Override
    public Optional<Source> restored(Tenant tenant, String table) {
      var keys = tables.placements.locationOf(tenant.id()).partitionKeys();
      return table.endsWith(".restored")
          ? Optional.of(new Source(tables.client, new TenantLocation(table, keys), () -> {}))
          : Optional.empty();
    }
  }

  private static Response authenticate(Request request, Handler next) {
    var scopes = Set.of(request.headers().first("Test-Scopes").orElse("tenants:admin").split(" "));
    Execution.current().orElseThrow().setIdentity(new Identity.Operator("olga", scopes));
    return next.handle(request.withSubject("olga"));
  }

  /** Registers acme with this status. */
  TenantRecord register(TenantStatus status) {
    var record = RegistryFixture.tenant(ACME);
    registry.registry.create(record, Optional.empty());
    if (status == TenantStatus.ACTIVE) {
      return record;
    }
    var changed = RegistryFixture.next(record, status);
    registry.registry.replace(changed);
    return changed;
  }

  /** Writes this number of orders for acme, of about {@code bytes} bytes. */
  void writeOrders(int count, int bytes) {
    var _ = tables.as(() -> writeLargeOrders(count, bytes));
  }

  /** Writes orders for the bound tenant, and returns their number. */
  int writeLargeOrders(int count, int bytes) {
    var document = "{\"text\":\"" + "x".repeat(bytes) + "\"}";
    var page = new ArrayList<Write>();
    for (var i = 0; i < count; i++) {
      var item = Item.of(new Key("order", "o-%05d".formatted(i)), document);
      page.add(Write.put(item, new WriteCondition.None()));
      if (i == count - 1 || page.size() == 50 || (page.size() + 1) * bytes > MAX_PAGE_BYTES) {
        tables.table.transact(page);
        page.clear();
      }
    }
    return count;
  }

  int port() {
    return server.port();
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, headers);
  }

  HttpResponse<String> send(String method, String path, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** Returns the last segment of the type of a problem. */
  static String problem(HttpResponse<String> response) {
    return Json.parse(response.body().getBytes(StandardCharsets.UTF_8))
        .required("type")
        .textValue()
        .replaceAll(".*/", "");
  }

  /** Returns the audit entries of exports, one a line, as soon as there are this many. */
  List<String> audited(int count) {
    var entries = new ArrayList<String>();
    Conditions.await(
        () -> {
          entries.clear();
          log.lines().stream()
              .filter(line -> line.path("action").asText().equals("GET /tenants/{id}/export"))
              .map(ExportFixture::entry)
              .forEach(entries::add);
          return entries.size() >= count;
        },
        "too few audit entries");
    return entries;
  }

  private static String entry(JsonNode line) {
    var text = new StringBuilder();
    for (var name :
        List.of(
            "actor",
            "actorType",
            "tenant",
            "object",
            "outcome",
            "complete",
            "items.order",
            "reason")) {
      if (line.has(name)) {
        text.append(name).append('=').append(line.get(name).asText()).append(' ');
      }
    }
    return text.toString().strip();
  }

  @Override
  public void close() throws IOException {
    http.close();
    server.close();
    tables.close();
    registry.close();
  }
}
