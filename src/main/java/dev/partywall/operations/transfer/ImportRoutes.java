package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Preconditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.tenants.TenantRoutes;
import dev.partywall.storage.content.ItemSearch;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.DocumentNames;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The operators' routes that import the content of a tenant. */
public final class ImportRoutes {
  private static final String ADMIN = "tenants:admin";
  private static final String IMPORT = "/tenants/{id}/import";

  private ImportRoutes() {}

  /** Returns the routes. */
  public static List<Route> of(
      TenantRegistry registry, TenantOperations operations, ImportContext context) {
    return List.of(
        Route.operator("POST", IMPORT, ADMIN, new OpenImport(registry, operations, context))
            .withQuery(ImportState.CLONE, ImportState.REPLACE),
        Route.operator(
                "PUT",
                IMPORT + "/parts/{number}",
                ADMIN,
                new ReceivePart(registry, operations, context))
            .withStreamedBody(),
        Route.operator(
            "POST", IMPORT + "/complete", ADMIN, new CompleteImport(registry, operations)));
  }

  /** {@code POST /tenants/{id}/import}. */
  private record OpenImport(
      TenantRegistry registry, TenantOperations operations, ImportContext context)
      implements Handler {
    private static final int MAX_ATTEMPTS = 5;

    /** Pages of at most 500 records each that expire. */
    private static final int MAX_FURTHER_PAGES = 2;

    /**
     * Opens an import. From then on, the tenant's own requests are rejected. Errors have this
     * precedence: malformed request (400), missing If-Match (428), unknown tenant (404), stale
     * version (412), another operation or a status without content (409).
     */
    @Override
    public Response handle(Request request) {
      var clone = flag(request, ImportState.CLONE);
      var replace = flag(request, ImportState.REPLACE);
      var conditions = Preconditions.of(request.headers());
      if (replace) {
        conditions.requireIfMatch();
      }
      for (var attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        var tenant = TenantRoutes.find(registry, request);
        if (replace) {
          conditions.checkChange(TenantRoutes.etag(tenant));
        }
        var response =
            TenantRoutes.forTenant(tenant, () -> open(tenant, clone, replace, request.subject()));
        if (response.isPresent()) {
          return response.get().with("Location", "/tenants/" + tenant.id());
        }
      }
      throw changesTooOften();
    }

    private static boolean flag(Request request, String name) {
      return request
          .query(name)
          .map(value ->
              switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw ApiException.invalidParameter(name, "true or false");
              })
          .orElse(false);
    }

    private Optional<Response> open(
        TenantRecord tenant, boolean clone, boolean replace, String operator) {
      var running = operations.find(tenant.id());
      if (running.filter(known -> isSame(known, clone, replace, operator)).isPresent()) {
        return Optional.of(TenantRoutes.representation(202, tenant, running).asReplay());
      }
      if (running.isPresent()) {
        throw TenantOperations.inProgress();
      }
      requireStatus(tenant, replace);
      var wasEmpty = wasEmpty();
      var operation =
          Operation.begun(
                  tenant,
                  OperationKind.IMPORT,
                  UUID.randomUUID().toString(),
                  ImportState.RECEIVING,
                  operator,
                  context.now())
              .with(ImportState.CLONE, Boolean.toString(clone))
              .with(ImportState.REPLACE, Boolean.toString(replace))
              .with(ImportState.WAS_EMPTY, Boolean.toString(wasEmpty));
      var during = tenant.withOperation(Optional.of(OperationKind.IMPORT));
      return operations
          .begin(operation, tenant, during)
          .map(begun -> TenantRoutes.representation(202, during, Optional.of(begun)));
    }

    /**
     * The completion searches again, and completely. This result only selects the reason for its
     * failure, so a search of too many expiring records ends without one.
     */
    private boolean wasEmpty() {
      var search = context.itemSearch();
      var result = context.calls().call(search::next);
      while (result == ItemSearch.Result.UNKNOWN && search.furtherPages() < MAX_FURTHER_PAGES) {
        result = context.calls().call(search::next);
      }
      return result == ItemSearch.Result.NONE;
    }

    private static boolean isSame(
        Operation running, boolean clone, boolean replace, String operator) {
      return running.kind() == OperationKind.IMPORT
          && running.state().equals(ImportState.RECEIVING)
          && running.requestedBy().equals(operator)
          && ImportState.is(running, ImportState.CLONE) == clone
          && ImportState.is(running, ImportState.REPLACE) == replace;
    }

    private static void requireStatus(TenantRecord tenant, boolean replace) {
      if (replace && tenant.status() != TenantStatus.SUSPENDED) {
        throw conflict(
            "tenant-not-suspended", "The content of a tenant can be replaced while suspended.");
      }
      if (tenant.status() != TenantStatus.ACTIVE && tenant.status() != TenantStatus.SUSPENDED) {
        throw conflict(
            "tenant-not-importable",
            "The status of the tenant is " + tenant.status().label() + ".");
      }
    }
  }

  /** {@code POST /tenants/{id}/import/complete}. */
  private record CompleteImport(TenantRegistry registry, TenantOperations operations)
      implements Handler {
    /** Shorter than the time limit of a request. */
    private static final long WAIT_NANOS = 8_000_000_000L;

    private static final long PAUSE_MILLIS = 100;
    private static final int MAX_ATTEMPTS = 20;

    /** Starts the completion, and waits some seconds for its result. */
    @Override
    public Response handle(Request request) {
      var tenant = TenantRoutes.find(registry, request);
      return TenantRoutes.forTenant(tenant, () -> complete(tenant));
    }

    private Response complete(TenantRecord tenant) {
      var started = start(tenant);
      if (started.isEmpty()) {
        return result(tenant)
            .map(known -> known.response().asReplay())
            .orElseThrow(ImportRoutes::notOpen);
      }
      var end = System.nanoTime() + WAIT_NANOS;
      var running = started;
      while (isRunning(running, started.get()) && System.nanoTime() - end < 0) {
        pause();
        running = operations.find(tenant.id());
      }
      return response(tenant, running, started.get());
    }

    private static boolean isRunning(Optional<Operation> running, Operation started) {
      return running
          .filter(known -> known.id().equals(started.id()))
          .filter(known -> !known.state().equals(ImportState.RECEIVING))
          .isPresent();
    }

    private Response response(TenantRecord tenant, Optional<Operation> running, Operation started) {
      var own = running.filter(known -> known.id().equals(started.id()));
      own.flatMap(ImportState::failure)
          .ifPresent(failure -> {
            throw failure;
          });
      if (own.isPresent()) {
        return TenantRoutes.representation(202, tenant, own);
      }
      return result(tenant)
          .filter(known -> known.operation().equals(started.id()))
          .map(ImportResult::response)
          .orElseThrow(() -> conflict("import-cancelled", "The import was cancelled."));
    }

    /** Returns the import, whose completion has begun; empty if no import is open. */
    private Optional<Operation> start(TenantRecord tenant) {
      for (var attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        var found = operations.find(tenant.id()).filter(ImportRoutes::isImport);
        if (found.isEmpty()) {
          return found;
        }
        var before = found.get();
        if (ImportState.isCancelled(before)) {
          throw conflict("import-cancelled", "The import is being cancelled.");
        }
        if (!before.state().equals(ImportState.RECEIVING)) {
          return found;
        }
        // The next epoch rejects changes of the operation by requests that have read it before.
        var owner = new Operation.Ownership(before.ownership().epoch() + 1, "");
        var completing = ImportState.completing(before).ownedBy(owner);
        if (operations.store().update(before, completing)) {
          operations.runner().start(completing);
          return Optional.of(completing);
        }
      }
      throw changesTooOften();
    }

    private Optional<ImportResult> result(TenantRecord tenant) {
      var name = DocumentNames.importResult(tenant.incarnation());
      return operations.store().document(tenant.id(), name).map(ImportResult::read);
    }

    private static void pause() {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        // The request has timed out. Its timeout filter must still find the thread interrupted.
        Thread.currentThread().interrupt();
        throw changesTooOften();
      }
    }
  }

  static boolean isImport(Operation operation) {
    return operation.kind() == OperationKind.IMPORT;
  }

  static ApiException notOpen() {
    return conflict("import-not-open", "No import of the tenant is open.");
  }

  static ApiException conflict(String type, String detail) {
    return new ApiException(new ApiError.Conflict(type, detail));
  }

  private static ApiException changesTooOften() {
    return new ApiException(
        new ApiError.Unavailable(
            "The tenant is being changed at the moment.", java.time.Duration.ofSeconds(2)));
  }
}
