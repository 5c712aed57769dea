package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.util.Optional;

/**
 * An incarnation of a registered tenant.
 *
 * @param record its record; empty for an earlier incarnation, whose record has been replaced
 */
record BilledTenant(MeteredTenant id, Optional<TenantRecord> record) {
  /** Returns an incarnation of the tenant in a record. */
  static BilledTenant of(TenantRecord record, int incarnation) {
    return new BilledTenant(
        new MeteredTenant(record.id(), incarnation),
        Optional.of(record).filter(found -> found.incarnation() == incarnation));
  }

  /** Returns the tenant for the choice of a tier. That of an earlier incarnation is not known. */
  Tenant tenant() {
    return Tenant.of(id.id(), record);
  }

  String name() {
    return record.map(TenantRecord::name).orElse("");
  }

  String tier() {
    return record.map(TenantRecord::tier).orElse("");
  }

  /** Returns the status. An earlier incarnation was deleted. */
  TenantStatus status() {
    return record.map(TenantRecord::status).orElse(TenantStatus.OFFBOARDED);
  }

  /** Writes the members of an entry that identify the tenant. */
  void writeTo(ObjectNode node) {
    node.put("tenant", id.id().value()).put("incarnation", id.incarnation());
    record.ifPresent(found -> node.put("name", found.name()));
    node.put("status", status().label());
    record.ifPresent(found -> node.put("tier", found.tier()));
  }
}
