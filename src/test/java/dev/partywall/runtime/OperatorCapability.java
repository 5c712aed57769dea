package dev.partywall.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.util.List;
import java.util.function.Supplier;

/** A capability with routes for operators. Their handlers bind the tenant in the path. */
public record OperatorCapability(TenantTable table) {
  /** The path of the routes that read and write an item of a tenant. */
  public static final String ITEM = "/admin/{tenant}/{collection}/{id}";

  private static final String READ = "tenants:read";
  private static final String ADMIN = "tenants:admin";

  /** Declares the capability. */
  public static Offering of(Kernel kernel) {
    var operators = new OperatorCapability(kernel.table());
    return Offering.of("operators", operators.routes());
  }

  private List<Route> routes() {
    return List.of(
        Route.operator("GET", ITEM, READ, this::read),
        Route.operator("PUT", ITEM, ADMIN, this::write),
        Route.operator("GET", "/admin/unbound/{collection}/{id}", READ, this::readUnbound),
        Route.operator(
            "GET", "/admin/{tenant}/then/{other}/{collection}/{id}", READ, this::readOther));
  }

  private Response read(Request request) {
    var boundBefore = TenantContext.isBound();
    var item = forTenant(request, "tenant", () -> table.get(key(request)));
    var text = item.orElseThrow(() -> new ApiException(new ApiError.NotFound())).document();
    return Response.json(
        200,
        JsonNodeFactory.instance
            .objectNode()
            .put("subject", request.subject())
            .put("boundBefore", boundBefore)
            .put("boundAfter", TenantContext.isBound())
            .put("text", text));
  }

  private Response write(Request request) {
    var text = "an item of " + request.parameter("tenant");
    var write = Write.put(Item.of(key(request), text), new WriteCondition.None());
    var _ = forTenant(request, "tenant", () -> table.write(write));
    return Response.of(204);
  }

  private Response readUnbound(Request request) {
    return orConflict(() -> table.get(key(request)));
  }

  /** Works for one tenant, and then tries another one in the same request. */
  private Response readOther(Request request) {
    var _ = forTenant(request, "tenant", () -> table.get(key(request)));
    return orConflict(() -> forTenant(request, "other", () -> table.get(key(request))));
  }

  private static Response orConflict(Supplier<Object> work) {
    try {
      return Response.json(200, work.get().toString());
    } catch (IllegalStateException e) {
      throw new ApiException(new ApiError.Conflict("rejected", String.valueOf(e.getMessage())), e);
    }
  }

  private static <T> T forTenant(Request request, String parameter, Supplier<T> work) {
    var target =
        TenantId.parse(request.parameter(parameter))
            .orElseThrow(() -> new ApiException(new ApiError.NotFound()));
    return Execution.current().orElseThrow().callForTenant(new Tenant(target), work::get);
  }

  private static Key key(Request request) {
    return new Key(request.parameter("collection"), request.parameter("id"));
  }
}
