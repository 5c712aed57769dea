package dev.partywall.metering.billing;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The bills of deleted tenants and of earlier incarnations. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class DeletedTenantBillTest {
  @AutoClose private final BillsFixture bills;

  DeletedTenantBillTest(LocalDynamo dynamo) throws IOException {
    bills = new BillsFixture(dynamo);
  }

  @Test
  void returnsTheBillOfAnEarlierIncarnation() {
    var bill = BillsFixture.json(bills.get(bills.one, Map.of("incarnation", "1"), "acme"));
    assertEquals(500, bill.path("totals").path("requests").asLong());
    assertEquals(200_000, bill.path("charges").path("totalMicros").asLong());
    assertEquals("offboarded", bill.path("status").asText());
    assertEquals("2026-11-24T08:00:00.000Z", bill.path("lastRequestAt").asText());
    assertFalse(bill.has("name")); // an earlier release has deleted the tenant
    assertFalse(bill.has("unusedPaidFeatures"));
  }

  @Test
  void anEarlierIncarnationHasTheNameAndTheTierOfItsDeletion() {
    storeFormer("acme", "Former Acme", "premium");
    bills.ship(
        Usage.of(first(ACME), EIGHT.minusSeconds(3600), Amounts.of(KernelMeter.REQUESTS, 1)));
    var one = BillsFixture.json(bills.get(bills.one, Map.of("incarnation", "1"), "acme"));
    var all = BillsFixture.json(bills.get(bills.all, Map.of(), "")).path("tenants").path(0);
    for (var bill : List.of(one, all)) {
      assertEquals("Former Acme", bill.path("name").asText(), bill::toString);
      assertEquals("premium", bill.path("tier").asText());
      assertEquals(200_400, bill.path("charges").path("totalMicros").asLong());
    }
  }

  @Test
  void returnsTheBillOfADeletedTenant() {
    var deleted =
        RegistryFixture.next(MeteringFixture.record(GLOBEX, "free", 1), TenantStatus.OFFBOARDED);
    bills.metering.registry.replace(deleted);
    bills.ship(Usage.of(first(GLOBEX), EIGHT, Amounts.of(KernelMeter.REQUESTS, 7)));
    var bill = BillsFixture.json(bills.get(bills.one, Map.of(), "globex"));
    assertEquals("offboarded", bill.path("status").asText());
    assertEquals(7, bill.path("totals").path("requests").asLong());
    // An earlier release has deleted the tenant, so only the record has its name and its tier.
    assertEquals("Name of globex", bill.path("name").asText());
    assertEquals("free", bill.path("tier").asText());
    assertFalse(bill.has("unusedRoutes"));
  }

  @Test
  void aChangeAfterTheDeletionDoesNotChangeTheBill() {
    storeFormer("globex", "Globex", "free");
    bills.ship(Usage.of(first(GLOBEX), EIGHT, Amounts.of(KernelMeter.REQUESTS, 1_000)));
    var globex = MeteringFixture.record(GLOBEX, "free", 1);
    bills.metering.registry.replace(RegistryFixture.next(globex, TenantStatus.OFFBOARDED));
    var deleted = bills.metering.registry.find(GLOBEX).orElseThrow();
    var before = BillsFixture.json(bills.get(bills.one, Map.of(), "globex"));
    var listed = BillsFixture.json(bills.get(bills.all, Map.of(), "")).path("tenants").path(2);
    bills.metering.registry.replace(
        deleted.withContent(
            "Renamed",
            "premium",
            deleted.overrides(),
            deleted.issuers(),
            TenantStatus.OFFBOARDED,
            deleted.updatedAt()));
    assertEquals("Globex", before.path("name").asText());
    assertEquals("free", before.path("tier").asText());
    assertEquals(before, BillsFixture.json(bills.get(bills.one, Map.of(), "globex")));
    assertEquals(
        listed, BillsFixture.json(bills.get(bills.all, Map.of(), "")).path("tenants").path(2));
  }

  /** Stores the document that the deletion of the first incarnation writes. */
  private void storeFormer(String tenant, String name, String tier) {
    var item = Attributes.keyAndFormat(tenant, ".billed#1");
    item.put("name", Attributes.text(name));
    item.put("tier", Attributes.text(tier));
    bills.metering.client.putItem(
        put -> put.tableName(bills.metering.prefix + "tenants").item(item));
  }
}
