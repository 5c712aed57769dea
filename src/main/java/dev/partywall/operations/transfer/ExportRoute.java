package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.StreamWriter;
import dev.partywall.operations.lifecycle.OperationAudit;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.transfer.ExportSources.Source;
import dev.partywall.storage.content.ContentReader;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/** {@code GET /tenants/{id}/export}: streams the content of a tenant. */
public final class ExportRoute implements Handler {
  static final String TEMPLATE = "/tenants/{id}/export";

  /** More exports share the same capacity, and would only be slower. */
  private static final int MAX_EXPORTS = 2;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
  private static final String TABLE = "table";

  /** The names of tables in DynamoDB, which contain no wildcard of a policy. */
  private static final Pattern TABLE_NAME = Pattern.compile("[A-Za-z0-9._-]{3,255}");

  private final String service;
  private final ExportContext context;
  private final ExportSources sources;
  private final OperationPace pace;
  private final OperationAudit audit;
  private final Semaphore free = new Semaphore(MAX_EXPORTS);

  /**
   * Creates the handler.
   *
   * @param service the name of the service, which an import requires
   * @param pace the capacity that all operations of this instance share
   */
  public ExportRoute(
      String service,
      ExportContext context,
      ExportSources sources,
      OperationPace pace,
      OperationAudit audit) {
    this.service = service;
    this.context = context;
    this.sources = sources;
    this.pace = pace;
    this.audit = audit;
  }

  /** Returns the route. */
  public Route route() {
    return Route.operator("GET", TEMPLATE, "tenants:admin", this).withQuery(TABLE);
  }

  /**
   * Returns the stream. Errors have this precedence: invalid name of a table (400), unknown tenant
   * (404), status of the tenant (409), unknown table (404), table of an earlier incarnation (409),
   * other exports (503), other operation (409).
   */
  @Override
  public Response handle(Request request) {
    var table = request.query(TABLE);
    table.ifPresent(this::requireRestored);
    var tenant =
        TenantId.parse(request.parameter("id"))
            .flatMap(context.registry()::find)
            .orElseThrow(ApiException::notFound);
    ExportOperation.requirePermitted(tenant);
    return Execution.current()
        .orElseThrow()
        .callForTenant(new Tenant(tenant), () -> respond(request, tenant, table));
  }

  private void requireRestored(String table) {
    if (!table.startsWith(sources.restoredPrefix()) || !TABLE_NAME.matcher(table).matches()) {
      throw ApiException.invalidParameter(
          TABLE, "the name of a table, and must start with " + sources.restoredPrefix());
    }
  }

  private Response respond(Request request, TenantRecord tenant, Optional<String> table) {
    var source = source(tenant, table);
    if (request.method().equals("HEAD")) {
      source.close().run();
      return stream(_ -> {});
    }
    try {
      return start(request, tenant, source);
    } catch (RuntimeException | Error e) {
      source.close().run();
      throw e;
    }
  }

  private Source source(TenantRecord tenant, Optional<String> table) {
    var bound = new Tenant(tenant);
    return table.map(name -> restored(bound, name)).orElseGet(() -> sources.live(bound));
  }

  /** A backup from before the registration has items of earlier incarnations only. */
  private Source restored(Tenant tenant, String table) {
    var source = sources.restored(tenant, table).orElseThrow(() -> missing(table));
    try {
      if (tenant.incarnation() > 1 && !ContentReader.hasItems(source.client(), source.location())) {
        throw otherIncarnation(tenant, table);
      }
      return source;
    } catch (RuntimeException | Error e) {
      source.close().run();
      throw e;
    }
  }

  private static ApiException otherIncarnation(Tenant tenant, String table) {
    return new ApiException(
        new ApiError.Conflict(
            "table-of-earlier-incarnation",
            "The table "
                + table
                + " has no items of incarnation "
                + tenant.incarnation()
                + " of the tenant. Those of an earlier incarnation cannot be exported."));
  }

  private static ApiException missing(String table) {
    return new ApiException(
        new ApiError.Missing(
            "table-not-found", "The table " + table + " does not exist, or is not active yet."));
  }

  private Response start(Request request, TenantRecord tenant, Source source) {
    if (!free.tryAcquire()) {
      throw new ApiException(
          new ApiError.Unavailable("Too many exports are running.", RETRY_AFTER));
    }
    try {
      audit.requireCapacity();
      var operation = ExportOperation.begin(context, tenant, operator());
      var run =
          new ExportRun(
              new ExportFormat.Header(
                  service, tenant.id().value(), tenant.incarnation(), context.now()),
              source,
              operation,
              pace,
              context.nanoTime(),
              free::release);
      var entries = new ExportAudit(audit, request.target().path(), source.location().table());
      entries.started();
      return stream(out -> run.write(new Tenant(tenant), out))
          .onSent(sent -> entries.ended(run, sent))
          .onSent(_ -> run.close());
    } catch (RuntimeException | Error e) {
      free.release();
      throw e;
    }
  }

  private static String operator() {
    return Execution.currentIdentity().map(Identity::subject).orElseThrow();
  }

  private static Response stream(StreamWriter writer) {
    return Response.stream(200, "application/x-ndjson", writer).with("Cache-Control", "no-store");
  }
}
