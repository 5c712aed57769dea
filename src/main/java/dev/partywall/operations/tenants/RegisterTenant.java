package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import dev.partywall.http.Handler;
import dev.partywall.http.IdempotencyKey;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.json.JsonChecks;
import dev.partywall.storage.Ids;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import dev.partywall.tenancy.registry.TenantRegistry.RequestKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code POST /tenants}. */
record RegisterTenant(
    TenantRegistry registry,
    TenantRules rules,
    Optional<SiloProvisioner> silos,
    Ids ids,
    InstantSource clock)
    implements Handler {
  /** The states in which a repeated request finds the tenant that it has registered. */
  private static final Set<TenantStatus> REPEATABLE =
      Set.of(TenantStatus.PROVISIONING, TenantStatus.ACTIVE, TenantStatus.SUSPENDED);

  private static final Set<String> FIELDS =
      Set.of("id", "name", "tier", "placement", "overrides", "issuers");

  /**
   * Registers a tenant. A repeated request has the same response: the registry recognizes it by its
   * idempotency key, and otherwise by the id and the content of the tenant. A rejected request
   * leaves its key unused.
   */
  @Override
  public Response handle(Request request) {
    var body = request.json();
    var key = IdempotencyKey.of(request).map(RegisterTenant::requestKey);
    JsonChecks.rejectUnknown(body, "", FIELDS);
    TenantReader.rejectUnknown(body);
    var tenant = read(body);
    if (tenant.status() == TenantStatus.PROVISIONING && silos.isEmpty()) {
      throw provisionerMissing();
    }
    return respond(register(tenant, key), tenant);
  }

  private static RequestKey requestKey(IdempotencyKey key) {
    return new RequestKey(key.name(), key.fingerprint());
  }

  private TenantRecord read(JsonNode body) {
    var faults = new Faults();
    new JsonChecks(faults).object(body, "");
    faults.rejectIfAny();
    var reader = new TenantReader(rules, faults);
    var id = reader.id(body.path("id"));
    var content = reader.content(body);
    faults.rejectIfAny();
    var now = TenantRoutes.now(clock);
    return content.create(id.orElseGet(() -> nextId(now)), 1, now);
  }

  private TenantId nextId(Instant now) {
    return new TenantId(ids.next(now).toLowerCase(Locale.ROOT));
  }

  /**
   * Registers the tenant without binding it: the key of a request without id can belong to a tenant
   * with another id, and an execution works for one tenant. If the result is unknown, the tenant is
   * recorded for the audit.
   */
  private Creation register(TenantRecord tenant, Optional<RequestKey> key) {
    try {
      return registry.create(tenant, key);
    } catch (RuntimeException e) {
      return TenantRoutes.forTenant(
          tenant,
          () -> {
            throw e;
          });
    }
  }

  private Response respond(Creation creation, TenantRecord tenant) {
    return switch (creation) {
      case Creation.Created() -> TenantRoutes.forTenant(tenant, () -> created(tenant));
      case Creation.Repeated(var earlier) ->
          TenantRoutes.forTenant(earlier, () -> registered(earlier).asReplay());
      case Creation.Exists(var existing) ->
          TenantRoutes.forTenant(existing, () -> registered(original(existing, tenant)).asReplay());
      case Creation.KeyReused() -> throw new ApiException(new ApiError.IdempotencyKeyReused());
    };
  }

  private Response created(TenantRecord tenant) {
    if (tenant.status() == TenantStatus.PROVISIONING) {
      silos.orElseThrow().start(tenant);
    }
    return registered(tenant);
  }

  /**
   * Returns the first version of an existing tenant with the same content as {@code wanted}. Its
   * status may have changed since; the response does not depend on this.
   */
  private static TenantRecord original(TenantRecord existing, TenantRecord wanted) {
    var content = TenantContent.of(existing);
    if (!REPEATABLE.contains(existing.status()) || !content.equals(TenantContent.of(wanted))) {
      throw new ApiException(
          new ApiError.Conflict("tenant-exists", "A different tenant with this id exists."));
    }
    return content.create(existing.id(), existing.incarnation(), existing.createdAt());
  }

  private static Response registered(TenantRecord tenant) {
    var status = tenant.status() == TenantStatus.PROVISIONING ? 202 : 201;
    return TenantRoutes.representation(status, tenant).with("Location", "/tenants/" + tenant.id());
  }

  private static ApiException provisionerMissing() {
    return new ApiException(
        new ApiError.Unprocessable(
            "provisioner-missing",
            "The service has no provisioner, which a tenant in a silo requires."));
  }
}
