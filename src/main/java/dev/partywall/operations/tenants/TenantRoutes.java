package dev.partywall.operations.tenants;

import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Preconditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.lifecycle.TenantOperations.Cancellation;
import dev.partywall.operations.provisioning.SiloProvisioning;
import dev.partywall.storage.Ids;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.TenantRegistry;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The operators' routes that register, list, read and change tenants. */
public final class TenantRoutes {
  static final String READ = "tenants:read";
  static final String ADMIN = "tenants:admin";
  private static final String TENANTS = "/tenants";
  static final String TENANT = TENANTS + "/{id}";

  private TenantRoutes() {}

  /**
   * Returns the routes.
   *
   * @param operations the operations on the tenants
   * @param silos begins to create the tables of silos; empty without a provisioner role
   */
  public static List<Route> of(
      TenantRegistry registry,
      TenantOperations operations,
      TenantRules rules,
      Optional<SiloProvisioning> silos,
      Ids ids,
      CheckedClock checkedClock) {
    InstantSource clock = checkedClock::correctedTime;
    var registration = new Registration(registry, silos, checkedClock);
    return List.of(
        Route.operator("POST", TENANTS, ADMIN, new RegisterTenant(rules, registration, ids, clock)),
        Route.operator("GET", TENANTS, READ, new ListTenants(registry, operations)),
        Route.operator("GET", TENANT, READ, new ReadTenant(operations)),
        Route.operator(
            "PATCH", TENANT, ADMIN, new ChangeTenant(registry, operations, rules, checkedClock)));
  }

  /** {@code GET /tenants}. */
  private record ListTenants(TenantRegistry registry, TenantOperations operations)
      implements Handler {
    /** Returns a page of tenants, in the order of their ids. */
    @Override
    public Response handle(Request request) {
      var query = TenantListQuery.of(request);
      return revalidated(Response.json(200, query.page(registry, operations)));
    }
  }

  /** {@code GET /tenants/{id}}. */
  private record ReadTenant(TenantOperations operations) implements Handler {
    /**
     * Returns a tenant. The response is never a 304: the representation changes with the tenant's
     * operation, and the entity tag does not.
     */
    @Override
    public Response handle(Request request) {
      var state =
          TenantId.parse(request.parameter("id"))
              .flatMap(operations::state)
              .orElseThrow(ApiException::notFound);
      return forTenant(
          state.tenant(), () -> representation(200, state.tenant(), state.operation()));
    }
  }

  /** {@code PATCH /tenants/{id}}. */
  private record ChangeTenant(
      TenantRegistry registry, TenantOperations operations, TenantRules rules, CheckedClock clock)
      implements Handler {
    /**
     * Changes a tenant. Errors have this precedence: malformed request (400, 415), missing If-Match
     * (428), unknown tenant (404), stale version (412), offboarded tenant and wrong clock of this
     * instance (503), invalid patch or result (422), status conflict (409).
     */
    @Override
    public Response handle(Request request) {
      var patch = new TenantPatch(request.json(MergePatch.MEDIA_TYPE), rules);
      var conditions = Preconditions.of(request.headers());
      conditions.requireIfMatch();
      var tenant = find(registry, request);
      return forTenant(tenant, () -> change(tenant, patch, conditions));
    }

    private Response change(TenantRecord tenant, TenantPatch patch, Preconditions conditions) {
      conditions.checkChange(etag(tenant));
      if (patch.cancelsOffboarding(tenant)) {
        return new CancelOffboarding(operations, clock::correctedTime)
            .cancel(tenant, patch)
            .map(restored -> representation(200, restored))
            .orElseGet(() -> changeCurrent(tenant, patch, conditions));
      }
      var changed = patch.applyTo(tenant, timeOfChange(tenant));
      var cancellation = patch.cancelsOperation() ? operations.cancel(tenant) : Cancellation.NONE;
      if (cancellation == Cancellation.STALE) {
        return change(stored(tenant), patch, conditions);
      }
      if (!changed.equals(tenant)) {
        return replace(changed, patch, conditions);
      }
      var unchanged = current(tenant);
      return cancellation == Cancellation.CANCELLED ? unchanged : unchanged.asReplay();
    }

    /** The next incarnation starts after the latest change of a deleted tenant. */
    private Instant timeOfChange(TenantRecord tenant) {
      return tenant.status() == TenantStatus.OFFBOARDED ? clock.now() : now(clock::correctedTime);
    }

    private TenantRecord stored(TenantRecord former) {
      return registry.find(former.id()).orElseThrow(ApiException::notFound);
    }

    /** If-Match can permit any version. */
    private Response changeCurrent(
        TenantRecord former, TenantPatch patch, Preconditions conditions) {
      var current = stored(former);
      if (current.equals(former)) {
        throw TenantPatch.statusConflict(former.status());
      }
      return change(current, patch, conditions);
    }

    private Response current(TenantRecord tenant) {
      return representation(200, tenant, operations.shown(tenant));
    }

    private Response replace(TenantRecord changed, TenantPatch patch, Preconditions conditions) {
      return switch (registry.replace(changed)) {
        case Change.Replaced() -> current(changed);
        // If-Match can permit any version.
        case Change.Stale(var current) -> change(current, patch, conditions);
        case Change.Missing() -> throw ApiException.notFound();
      };
    }
  }

  /**
   * Returns the tenant that the path names.
   *
   * @throws ApiException as {@code NotFound} if it is not registered
   */
  public static TenantRecord find(TenantRegistry registry, Request request) {
    return TenantId.parse(request.parameter("id"))
        .flatMap(registry::find)
        .orElseThrow(ApiException::notFound);
  }

  /** Runs work that binds a tenant. */
  public static <T> T forTenant(TenantRecord tenant, Supplier<T> work) {
    return Execution.current().orElseThrow().callForTenant(new Tenant(tenant), work::get);
  }

  static Instant now(InstantSource clock) {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  static Response representation(int status, TenantRecord tenant) {
    return representation(status, tenant, Optional.empty());
  }

  /** Returns a response with a tenant and its running operation. */
  public static Response representation(
      int status, TenantRecord tenant, Optional<Operation> operation) {
    return revalidated(Response.json(status, TenantJson.write(tenant, operation)))
        .with("ETag", etag(tenant));
  }

  /** Returns the entity tag of a tenant. */
  public static String etag(TenantRecord tenant) {
    return etag(tenant, tenant.version());
  }

  /**
   * Returns the entity tag of a version. That of a later incarnation never equals that of an
   * earlier one.
   */
  static String etag(TenantRecord tenant, long version) {
    return Preconditions.etag(tenant.incarnation(), version);
  }

  /** Returns the response with the Cache-Control field of all responses about tenants. */
  public static Response revalidated(Response response) {
    return response.with("Cache-Control", "private, no-cache");
  }
}
