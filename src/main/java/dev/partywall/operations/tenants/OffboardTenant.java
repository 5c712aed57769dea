package dev.partywall.operations.tenants;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Handler;
import dev.partywall.http.Preconditions;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.TenantOperations;
import dev.partywall.operations.offboarding.Offboarding;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * {@code DELETE /tenants/{id}}.
 *
 * @param ids returns a new id for each operation
 */
record OffboardTenant(
    TenantRegistry registry,
    TenantOperations operations,
    OffboardingRules rules,
    Supplier<String> ids,
    CheckedClock clock)
    implements Handler {
  private static final Set<TenantStatus> DELETABLE =
      Set.of(TenantStatus.ACTIVE, TenantStatus.SUSPENDED, TenantStatus.FAILED);

  /**
   * Begins the deletion of a tenant. A repetition of the request that began it has the same effect.
   * Errors have this precedence: malformed request (400), missing If-Match (428), unknown tenant
   * (404), stale version (412), no key for receipts (422), status conflict (409), wrong clock of
   * this instance (503).
   */
  @Override
  public Response handle(Request request) {
    var retention = request.query("retention").map(OffboardTenant::retention);
    var conditions = Preconditions.of(request.headers());
    conditions.requireIfMatch();
    var tenant = TenantRoutes.find(registry, request);
    return TenantRoutes.forTenant(
        tenant, () -> offboard(tenant, request, conditions, retention.orElse(rules.retention())));
  }

  private static Duration retention(String text) {
    return Retention.parse(text)
        .orElseThrow(() -> ApiException.invalidParameter("retention", Retention.RULE));
  }

  private Response offboard(
      TenantRecord tenant, Request request, Preconditions conditions, Duration retention) {
    var running = operations.find(tenant.id());
    if (running.filter(begun -> isRepetition(request, tenant, begun, retention)).isPresent()) {
      return TenantRoutes.representation(202, tenant, running).asReplay();
    }
    conditions.checkChange(TenantRoutes.etag(tenant));
    if (!rules.isReceiptSigned()) {
      throw receiptKeyMissing();
    }
    operations.requireNone(tenant.id());
    if (!DELETABLE.contains(tenant.status())) {
      throw TenantPatch.statusConflict(tenant.status());
    }
    return begin(tenant, request.subject(), retention)
        // If-Match can permit any version.
        .orElseGet(
            () -> offboard(TenantRoutes.find(registry, request), request, conditions, retention));
  }

  /**
   * Returns whether the request is the one that began the running operation: it names the version
   * before, or any version, and the same retention.
   */
  private static boolean isRepetition(
      Request request, TenantRecord tenant, Operation running, Duration retention) {
    var tag = request.headers().first("If-Match").orElse("").strip();
    return tenant.status() == TenantStatus.OFFBOARDING
        && (tag.equals("*") || tag.equals(TenantRoutes.etag(tenant, tenant.version() - 1)))
        && running.origin().startedAt().plus(retention).equals(Offboarding.deleteAfter(running));
  }

  /** Returns empty if the record of the tenant has changed meanwhile. */
  private Optional<Response> begin(TenantRecord tenant, String operator, Duration retention) {
    var now = clock.now(); // a slow clock would shorten the retention
    var operation = Offboarding.begin(tenant, ids.get(), operator, now, retention);
    var offboarding = tenant.withStatus(TenantStatus.OFFBOARDING, now);
    return operations
        .begin(operation, tenant, offboarding)
        .map(begun -> TenantRoutes.representation(202, offboarding, Optional.of(begun)));
  }

  private static ApiException receiptKeyMissing() {
    return new ApiException(
        new ApiError.Unprocessable(
            "receipt-key-missing",
            "The service has no key for the receipt, which the deletion of a tenant requires."));
  }
}
