package dev.partywall.operations.tenants;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Response;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.provisioning.SiloProvisioning;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import dev.partywall.tenancy.registry.TenantRegistry.RequestKey;
import java.util.Optional;
import java.util.Set;

/**
 * Registers tenants: an unused id, the id of a deleted tenant as its next incarnation, and a failed
 * provisioning once more.
 *
 * @param silos begins to create the tables of silos; empty without a provisioner role
 */
record Registration(TenantRegistry registry, Optional<SiloProvisioning> silos, CheckedClock clock) {
  /** The states in which a repeated request finds the tenant that it has registered. */
  private static final Set<TenantStatus> REPEATABLE =
      Set.of(TenantStatus.PROVISIONING, TenantStatus.ACTIVE, TenantStatus.SUSPENDED);

  /**
   * Registers a tenant and returns the response.
   *
   * @param tenant the first version of the first incarnation
   * @param key the idempotency key of the request, if it has one
   * @param operator the subject of the operator
   */
  Response register(TenantRecord tenant, Optional<RequestKey> key, String operator) {
    if (tenant.status() == TenantStatus.PROVISIONING && silos.isEmpty()) {
      throw provisionerMissing();
    }
    return switch (create(tenant, key, operator)) {
      case Creation.Created() -> TenantRoutes.forTenant(tenant, () -> created(tenant));
      case Creation.Repeated(var earlier) -> repeated(earlier, operator);
      case Creation.Exists(var existing) when existing.status() == TenantStatus.OFFBOARDED ->
          register(nextIncarnation(existing, tenant), key, operator);
      case Creation.Exists(var existing) ->
          TenantRoutes.forTenant(existing, () -> existing(existing, tenant, operator));
      case Creation.KeyReused() -> throw new ApiException(new ApiError.IdempotencyKeyReused());
    };
  }

  /**
   * Registers the tenant without binding it: the key of a request without id can belong to a tenant
   * with another id, and an execution works for one tenant. If the result is unknown, the tenant is
   * recorded for the audit.
   */
  private Creation create(TenantRecord tenant, Optional<RequestKey> key, String operator) {
    var operation =
        silos
            .filter(_ -> tenant.status() == TenantStatus.PROVISIONING)
            .map(provisioning -> provisioning.of(tenant, operator));
    try {
      return registry.create(tenant, key, operation);
    } catch (RuntimeException e) {
      return TenantRoutes.forTenant(
          tenant,
          () -> {
            throw e;
          });
    }
  }

  private Response created(TenantRecord tenant) {
    silos
        .filter(_ -> tenant.status() == TenantStatus.PROVISIONING)
        .ifPresent(provisioning -> provisioning.start(tenant));
    return registered(tenant);
  }

  /**
   * The start of an incarnation invalidates the tokens of the former one. It therefore must be
   * later than the end of the former one, whose time comes from the clock of another instance.
   */
  private TenantRecord nextIncarnation(TenantRecord former, TenantRecord wanted) {
    var now = clock.now();
    var formerEnd = former.updatedAt();
    var start = now.isAfter(formerEnd) ? now : formerEnd.truncatedTo(MILLIS).plusMillis(1);
    return TenantContent.of(wanted).create(former.id(), former.incarnation() + 1, start);
  }

  /**
   * Repeats the response to a request with a used idempotency key. The tenant of the key may be
   * deleted, and its id registered again, within the 24 h of the key. The response then would name
   * a tenant that no longer exists, and a new execution would create one that no operator has
   * requested.
   */
  private Response repeated(TenantRecord earlier, String operator) {
    var current = registry.find(earlier.id());
    return TenantRoutes.forTenant(
        earlier,
        () -> {
          if (current.filter(found -> isSameLife(found, earlier)).isEmpty()) {
            throw conflict(
                "idempotency-key-outdated",
                "The tenant that this request has registered is deleted. Use another key.");
          }
          return current.get().status() == TenantStatus.FAILED
              ? existing(current.get(), earlier, operator)
              : registered(earlier).asReplay();
        });
  }

  private static boolean isSameLife(TenantRecord found, TenantRecord earlier) {
    return found.incarnation() == earlier.incarnation()
        && found.status() != TenantStatus.OFFBOARDED;
  }

  /**
   * Returns the first version of an existing tenant with the same content as {@code wanted}. Its
   * status may have changed since; the response does not depend on this. A failed provisioning
   * begins again.
   */
  private Response existing(TenantRecord existing, TenantRecord wanted, String operator) {
    var content = TenantContent.of(existing);
    if (!content.equals(TenantContent.of(wanted))) {
      throw tenantExists();
    }
    if (existing.status() == TenantStatus.FAILED) {
      return restart(existing, operator);
    }
    if (!REPEATABLE.contains(existing.status())) {
      throw tenantExists();
    }
    return registered(content.create(existing.id(), existing.incarnation(), existing.createdAt()))
        .asReplay();
  }

  private Response restart(TenantRecord failed, String operator) {
    var provisioning = silos.orElseThrow(Registration::provisionerMissing);
    var restarted =
        failed.withStatus(TenantStatus.PROVISIONING, TenantRoutes.now(clock::correctedTime));
    return provisioning
        .restart(failed, restarted, operator)
        .map(_ -> registered(restarted))
        .orElseGet(() -> existing(find(failed), failed, operator));
  }

  private TenantRecord find(TenantRecord tenant) {
    return registry.find(tenant.id()).orElseThrow(ApiException::notFound);
  }

  private static Response registered(TenantRecord tenant) {
    var status = tenant.status() == TenantStatus.PROVISIONING ? 202 : 201;
    return TenantRoutes.representation(status, tenant).with("Location", "/tenants/" + tenant.id());
  }

  private static ApiException tenantExists() {
    return conflict("tenant-exists", "A different tenant with this id exists.");
  }

  private static ApiException conflict(String type, String detail) {
    return new ApiException(new ApiError.Conflict(type, detail));
  }

  private static ApiException provisionerMissing() {
    return new ApiException(
        new ApiError.Unprocessable(
            "provisioner-missing",
            "The service has no provisioner, which a tenant in a silo requires."));
  }
}
