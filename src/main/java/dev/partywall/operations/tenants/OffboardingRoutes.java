package dev.partywall.operations.tenants;

import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.offboarding.Offboarding;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.DocumentNames;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The operators' routes that delete tenants and return the receipts. */
public final class OffboardingRoutes {
  /** The template of the route that returns a receipt. */
  public static final String RECEIPT = "/tenants/{id}/receipt";

  private OffboardingRoutes() {}

  /**
   * Returns the routes.
   *
   * @param ids returns a new id for each operation
   */
  public static List<Route> of(
      TenantRegistry registry,
      TenantOperations operations,
      OffboardingRules rules,
      Supplier<String> ids,
      CheckedClock clock) {
    var delete = new OffboardTenant(registry, operations, rules, ids, clock);
    var receipt = new ReadReceipt(registry, operations.store());
    return List.of(
        Route.operator("DELETE", TenantRoutes.TENANT, TenantRoutes.ADMIN, delete),
        Route.operator("GET", RECEIPT, TenantRoutes.READ, receipt));
  }

  /** {@code GET /tenants/{id}/receipt}. */
  private record ReadReceipt(TenantRegistry registry, OperationStore documents) implements Handler {
    private static final Pattern INCARNATION = Pattern.compile("[1-9][0-9]{0,8}");

    /** Returns the receipt of the present incarnation, or of the given one. */
    @Override
    public Response handle(Request request) {
      var wanted = request.query("incarnation").map(ReadReceipt::incarnation);
      var tenant = TenantRoutes.find(registry, request);
      return TenantRoutes.forTenant(
          tenant, () -> receipt(tenant, wanted.orElse(tenant.incarnation())));
    }

    private Response receipt(TenantRecord tenant, int incarnation) {
      return documents
          .document(tenant.id(), DocumentNames.receipt(incarnation))
          .map(Offboarding::receipt)
          .map(jws -> Response.of(200, "application/jose", jws.getBytes(StandardCharsets.US_ASCII)))
          .map(TenantRoutes::revalidated)
          .orElseThrow(ApiException::notFound);
    }

    private static int incarnation(String text) {
      if (!INCARNATION.matcher(text).matches()) {
        throw ApiException.invalidParameter("incarnation", "an integer from 1 to 999999999");
      }
      return Integer.parseInt(text);
    }
  }
}
