package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.DocumentNames;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.util.Map;
import java.util.Optional;

/**
 * An incarnation of a registered tenant.
 *
 * @param record its record; empty for an earlier incarnation, whose record has been replaced, and
 *     after {@link #withFormer} for each deleted one
 * @param former the name and the tier of a deleted incarnation; empty until {@link #withFormer},
 *     and if an earlier release has deleted it and its record has been replaced
 */
record BilledTenant(MeteredTenant id, Optional<TenantRecord> record, Map<String, String> former) {
  /** Returns an incarnation of the tenant in a record. */
  static BilledTenant of(TenantRecord record, int incarnation) {
    return new BilledTenant(
        new MeteredTenant(record.id(), incarnation),
        Optional.of(record).filter(found -> found.incarnation() == incarnation),
        Map.of());
  }

  /**
   * Returns a copy with the name and the tier. Reads those that a deleted incarnation had at its
   * deletion: the record can change afterwards.
   */
  BilledTenant withFormer(TenantRegistry registry) {
    return status() == TenantStatus.OFFBOARDED
        ? new BilledTenant(
            id,
            Optional.empty(),
            registry
                .operations()
                .document(id.id(), DocumentNames.billed(id.incarnation()))
                .orElseGet(this::present))
        : this;
  }

  /** An earlier release has deleted the tenant without a document. */
  private Map<String, String> present() {
    return record
        .map(found -> Map.of("name", found.name(), "tier", found.tier()))
        .orElseGet(Map::of);
  }

  /** Returns the tenant for the choice of a tier. */
  Tenant tenant() {
    return record.isEmpty() && !tier().isEmpty()
        ? new Tenant(id.id(), tier())
        : Tenant.of(id.id(), record);
  }

  String name() {
    return record.map(TenantRecord::name).orElse(former.getOrDefault("name", ""));
  }

  String tier() {
    return record.map(TenantRecord::tier).orElse(former.getOrDefault("tier", ""));
  }

  /** Returns the status. An incarnation without a record was deleted. */
  TenantStatus status() {
    return record.map(TenantRecord::status).orElse(TenantStatus.OFFBOARDED);
  }

  /** Writes the members of an entry that identify the tenant. */
  void writeTo(ObjectNode node) {
    node.put("tenant", id.id().value()).put("incarnation", id.incarnation());
    if (!name().isEmpty()) {
      node.put("name", name());
    }
    node.put("status", status().label());
    if (!tier().isEmpty()) {
      node.put("tier", tier());
    }
  }
}
