package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.Faults;
import dev.partywall.http.Handler;
import dev.partywall.http.IdempotencyKey;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.json.JsonChecks;
import dev.partywall.storage.Ids;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.TenantRegistry.RequestKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;

/** {@code POST /tenants}. */
record RegisterTenant(TenantRules rules, Registration registration, Ids ids, InstantSource clock)
    implements Handler {
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
    return registration.register(read(body), key, request.subject());
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
}
