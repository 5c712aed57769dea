package dev.partywall.metering.billing;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the capacity of operations in the operators' bills. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperationCostTest {
  private static final Map<String, String> PERIOD =
      Map.of("from", "2026-11-24T06:00:00Z", "to", "2026-11-24T10:00:00Z");

  @AutoClose private final BillsFixture bills;

  OperationCostTest(LocalDynamo dynamo) throws IOException {
    bills = new BillsFixture(dynamo);
  }

  /** The prices are 283 millionths for 1,000 read units, and none for write units. */
  @Test
  void theCostIncludesTheOperationsAndTheChargesDoNot() {
    var before = bill();
    ship(8_000_000, 5_500);
    var bill = bill();
    assertEquals(before.path("totals"), bill.path("totals"));
    assertEquals(before.path("charges"), bill.path("charges"));
    assertEquals(before.path("usage"), bill.path("usage"));
    assertEquals(
        """
        {"currency":"EUR","lines":[{"from":"1970-01-01T00:00:00Z","meter":"readUnits",\
        "amount":7.5,"micros":2},{"from":"1970-01-01T00:00:00Z","meter":"readUnits",\
        "amount":8000,"micros":2264,"operations":true}],"totalMicros":2266}\
        """,
        bill.path("cost").toString());
    assertEquals(
        "{\"readUnits\":8000,\"writeUnits\":5.5,\"costMicros\":2264}",
        bill.path("operations").toString());
    assertEquals(bill.path("operations"), list().path("tenants").path(1).path("operations"));
  }

  @Test
  void anHourWithOperationsOnlyIsNoUsageAndLeavesTheTierKnown() {
    var before = bill();
    bills.ship(
        Usage.of(
            BillsFixture.SECOND,
            EIGHT.minus(Duration.ofHours(1)),
            Amounts.of(OperationMeter.READ_UNITS, 1_000)));
    var bill = bill();
    assertEquals(before.path("usage"), bill.path("usage"));
    assertEquals(before.path("charges"), bill.path("charges"));
    assertEquals("1", bill.at("/operations/readUnits").asText());
  }

  @Test
  void csvHasTheOperationsAfterAllFormerColumns() {
    ship(8_000_000, 5_500);
    var lines =
        new String(bills.get(bills.all, PERIOD, "", "text/csv").body(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    var names = ",costMicros,operationReadUnits,operationWriteUnits,operationCostMicros";
    assertEquals(names, lastColumns(lines.getFirst()));
    assertEquals(",0,0,0,0", lastColumns(lines.get(1)));
    assertEquals(",2266,8000,5.5,2264", lastColumns(lines.get(2)));
  }

  @Test
  void aTenantWithoutRequestsHasTheCostOfItsOperations() {
    bills.ship(Usage.of(first(GLOBEX), EIGHT, Amounts.of(OperationMeter.READ_UNITS, 8_000_000)));
    var globex = list().path("tenants").path(2);
    assertEquals("globex", globex.path("tenant").asText());
    assertEquals(2_264, globex.at("/cost/totalMicros").asLong());
    assertEquals(0, globex.at("/charges/totalMicros").asLong(-1));
    assertEquals(0, globex.at("/totals/readUnits").asLong(-1));
  }

  private void ship(long reads, long writes) {
    bills.ship(
        Usage.of(
            BillsFixture.SECOND,
            EIGHT,
            Amounts.of(
                Map.of(OperationMeter.READ_UNITS, reads, OperationMeter.WRITE_UNITS, writes))));
  }

  private JsonNode bill() {
    return BillsFixture.json(bills.get(bills.one, PERIOD, "acme"));
  }

  private JsonNode list() {
    return BillsFixture.json(bills.get(bills.all, PERIOD, ""));
  }

  /** Returns the last four columns of a line, with the comma before each. */
  private static String lastColumns(String line) {
    return line.replaceFirst(".*(?=(,[^,]*){4}$)", "");
  }
}
