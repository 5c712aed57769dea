package dev.partywall.operations.tenants;

import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Preconditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.storage.Ids;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
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
  private static final String READ = "tenants:read";
  private static final String ADMIN = "tenants:admin";
  private static final String TENANTS = "/tenants";
  private static final String TENANT = TENANTS + "/{id}";

  private TenantRoutes() {}

  /**
   * Returns the routes.
   *
   * @param operations the operations on the tenants
   * @param silos creates the tables of tenants in a silo; empty if the service cannot create them
   */
  public static List<Route> of(
      TenantRegistry registry,
      TenantOperations operations,
      TenantRules rules,
      Optional<SiloProvisioner> silos,
      Ids ids,
      InstantSource clock) {
    return List.of(
        Route.operator(
            "POST", TENANTS, ADMIN, new RegisterTenant(registry, rules, silos, ids, clock)),
        Route.operator("GET", TENANTS, READ, new ListTenants(registry, operations)),
        Route.operator("GET", TENANT, READ, new ReadTenant(registry, operations)),
        Route.operator(
            "PATCH", TENANT, ADMIN, new ChangeTenant(registry, operations, rules, clock)));
  }

  /** {@code GET /tenants}. */
  private record ListTenants(TenantRegistry registry, TenantOperations operations)
      implements Handler {
    /** Returns a page of tenants, in the order of their ids. */
    @Override
    public Response handle(Request request) {
      var query = TenantListQuery.of(request);
      return revalidated(Response.json(200, query.page(registry, operations.store())));
    }
  }

  /** {@code GET /tenants/{id}}. */
  private record ReadTenant(TenantRegistry registry, TenantOperations operations)
      implements Handler {
    /**
     * Returns a tenant. The response is never a 304: the representation changes with the tenant's
     * operation, and the entity tag does not.
     */
    @Override
    public Response handle(Request request) {
      var tenant = find(registry, request);
      return forTenant(tenant, () -> representation(200, tenant, operations.find(tenant.id())));
    }
  }

  /** {@code PATCH /tenants/{id}}. */
  private record ChangeTenant(
      TenantRegistry registry, TenantOperations operations, TenantRules rules, InstantSource clock)
      implements Handler {
    /**
     * Changes a tenant. Errors have this precedence: malformed request (400, 415), missing If-Match
     * (428), unknown tenant (404), stale version (412), invalid patch or result (422), status
     * conflict (409).
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
      var changed = patch.applyTo(tenant, now(clock));
      if (patch.cancelsOperation() && operations.cancel(tenant).isPresent()) {
        return changed.equals(tenant) ? current(tenant) : replace(changed, patch, conditions);
      }
      return changed.equals(tenant)
          ? current(tenant).asReplay()
          : replace(changed, patch, conditions);
    }

    private Response current(TenantRecord tenant) {
      return representation(200, tenant, operations.find(tenant.id()));
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

  private static TenantRecord find(TenantRegistry registry, Request request) {
    return TenantId.parse(request.parameter("id"))
        .flatMap(registry::find)
        .orElseThrow(ApiException::notFound);
  }

  static <T> T forTenant(TenantRecord tenant, Supplier<T> work) {
    return Execution.current().orElseThrow().callForTenant(new Tenant(tenant), work::get);
  }

  static Instant now(InstantSource clock) {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  static Response representation(int status, TenantRecord tenant) {
    return representation(status, tenant, Optional.empty());
  }

  static Response representation(int status, TenantRecord tenant, Optional<Operation> operation) {
    return revalidated(Response.json(status, TenantJson.write(tenant, operation)))
        .with("ETag", etag(tenant));
  }

  /** Returns the entity tag. That of a later incarnation never equals that of an earlier one. */
  private static String etag(TenantRecord tenant) {
    return tenant.incarnation() == 1
        ? Preconditions.etag(tenant.version())
        : "\"" + tenant.incarnation() + "." + tenant.version() + "\"";
  }

  private static Response revalidated(Response response) {
    return response.with("Cache-Control", "private, no-cache");
  }
}
