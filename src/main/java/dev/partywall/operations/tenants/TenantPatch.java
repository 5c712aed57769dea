package dev.partywall.operations.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import dev.partywall.json.JsonChecks;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A merge patch (RFC 7396) of a tenant. A member of the tenant is validated after the merge, and
 * only if the patch contains it. Therefore an operator can suspend a tenant even if its record
 * names a tier or a feature that no longer exists.
 */
record TenantPatch(JsonNode patch, TenantRules rules) {
  private static final Set<String> FIXED =
      Set.of("id", "createdAt", "updatedAt", "version", "incarnation");

  private static final Set<String> CHANGEABLE =
      Set.of("name", "tier", "placement", "overrides", "status", "issuers", "operation");

  private static final Set<String> MEMBERS =
      Stream.concat(FIXED.stream(), CHANGEABLE.stream()).collect(Collectors.toUnmodifiableSet());

  /** An operator can change the status only from one of these values to one of these values. */
  private static final Set<TenantStatus> CHANGEABLE_STATUS =
      Set.of(TenantStatus.ACTIVE, TenantStatus.SUSPENDED);

  /**
   * Returns the patched record, with the next version; the same record if the patch has no effect.
   *
   * @throws ApiException as {@link ApiError.Malformed} if the patch has an unknown member, as
   *     {@link ApiError.Invalid} with all faults of the patch and of the result, and as {@link
   *     ApiError.Conflict} if the status of the tenant cannot be changed now
   */
  TenantRecord applyTo(TenantRecord tenant, Instant now) {
    var content = content(tenant);
    if (patch.has("status") && !CHANGEABLE_STATUS.contains(tenant.status())) {
      throw statusConflict(tenant.status());
    }
    return content.replace(tenant, wantedStatus().orElse(tenant.status()), now);
  }

  /**
   * Returns the patched record with this status instead of the one in the patch, and with the next
   * version.
   *
   * @throws ApiException as in {@link #applyTo(TenantRecord, Instant)}
   */
  TenantRecord applyTo(TenantRecord tenant, TenantStatus status, Instant now) {
    return content(tenant).replace(tenant, status, now);
  }

  /** Returns the content of the patched record, after all checks except that of the status. */
  private TenantContent content(TenantRecord tenant) {
    JsonChecks.rejectUnknown(patch, "", MEMBERS);
    TenantReader.rejectUnknown(patch);
    var faults = new Faults();
    new JsonChecks(faults).object(patch, "");
    checkMembers(faults);
    var content = content(tenant, new TenantReader(rules, faults), faults);
    if (patch.has("status") && wantedStatus().isEmpty()) {
      faults.add("/status", "must be active or suspended");
    }
    faults.rejectIfAny();
    return content;
  }

  /**
   * Returns whether the patch cancels the deletion of this tenant: by the status {@code active}, or
   * by the removal of the operation.
   */
  boolean cancelsOffboarding(TenantRecord tenant) {
    return tenant.status() == TenantStatus.OFFBOARDING
        && (patch.has("status")
            ? wantedStatus().equals(Optional.of(TenantStatus.ACTIVE))
            : cancelsOperation());
  }

  /** Returns whether the patch removes the running operation. */
  boolean cancelsOperation() {
    return patch.path("operation").isNull();
  }

  private void checkMembers(Faults faults) {
    for (var member : patch.properties()) {
      if (FIXED.contains(member.getKey())) {
        faults.add(JsonChecks.pointer("", member.getKey()), "cannot be changed");
      }
    }
    if (!patch.path("operation").isMissingNode() && !patch.path("operation").isNull()) {
      faults.add("/operation", "must be null");
    }
  }

  private TenantContent content(TenantRecord tenant, TenantReader reader, Faults faults) {
    var merged = MergePatch.apply(TenantJson.write(tenant), patch);
    return new TenantContent(
        patch.has("name") ? reader.name(merged.path("name")) : tenant.name(),
        patch.has("tier") ? reader.tier(merged.path("tier")) : tenant.tier(),
        placement(tenant.placement(), reader, faults),
        patch.has("overrides") ? reader.overrides(merged.path("overrides")) : tenant.overrides(),
        patch.has("issuers") ? reader.issuers(merged.path("issuers")) : tenant.issuers());
  }

  /** Checks the placement. The patch replaces it as a whole: the current members do not remain. */
  private Placement placement(Placement current, TenantReader reader, Faults faults) {
    if (!patch.has("placement")) {
      return current;
    }
    if (patch.has("status")) {
      faults.add("/placement", "must not be changed together with the status");
    }
    var before = faults.list().size();
    var merged = MergePatch.apply(MissingNode.getInstance(), patch.path("placement"));
    var wanted = reader.placement(merged);
    if (faults.list().size() == before && !wanted.equals(current)) {
      faults.add("/placement", "cannot be changed, because tenants cannot be moved yet");
    }
    return wanted;
  }

  /** Returns the status in the patch; empty if it has none, or one that cannot be set. */
  private Optional<TenantStatus> wantedStatus() {
    return TenantStatus.of(patch.path("status").asText()).filter(CHANGEABLE_STATUS::contains);
  }

  static ApiException statusConflict(TenantStatus status) {
    return new ApiException(
        new ApiError.Conflict(
            "status-not-changeable",
            "The status of the tenant is " + status.label() + " and cannot be changed."));
  }
}
