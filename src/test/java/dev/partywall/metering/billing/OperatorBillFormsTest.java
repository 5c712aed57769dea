package dev.partywall.metering.billing;

import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the forms of the operators' bills: CSV, and the headers of both forms. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OperatorBillFormsTest {
  @AutoClose private final BillsFixture bills;

  OperatorBillFormsTest(LocalDynamo dynamo) throws IOException {
    bills = new BillsFixture(dynamo);
  }

  @Test
  void writesCsvWithoutFormulas() {
    bills.metering.register(
        named("zeta", "=HYPERLINK(\"http://a.example\",\"x\")"),
        named("zulu", "A, B"),
        named("zz", "\uFF0B1"));
    var response = bills.get(bills.all, Map.of(), "", "text/csv");
    assertEquals(
        """
        tenant,incarnation,name,status,tier,from,to,lastRequestAt,requests,bytesIn,bytesOut,\
        ordersPlaced,readUnits,writeUnits,busyMs,currency,chargesMicros,costMicros,\
        operationReadUnits,operationWriteUnits,operationCostMicros
        acme,1,,offboarded,,P,2026-11-24T08:00:00.000Z,500,0,0,0,0,0,0,EUR,200000,0,0,0,0
        acme,2,Name of acme,active,premium,P,2026-11-24T08:01:01.000Z,3,0,0,0,7.5,0,0,EUR,1200,2,0,0,0
        globex,1,Name of globex,active,free,P,,0,0,0,0,0,0,0,EUR,0,0,0,0,0
        zeta,1,"'=HYPERLINK(""http://a.example"",""x"")",active,free,P,,0,0,0,0,0,0,0,EUR,0,0,0,0,0
        zulu,1,"A, B",active,free,P,,0,0,0,0,0,0,0,EUR,0,0,0,0,0
        zz,1,'\uFF0B1,active,free,P,,0,0,0,0,0,0,0,EUR,0,0,0,0,0
        """
            .replace(",P,", ",2026-11-24T00:00:00Z,2026-11-24T09:00:00Z,")
            .replace("\n", "\r\n"),
        new String(response.body(), StandardCharsets.UTF_8));
    assertEquals(
        "text/csv; charset=utf-8; header=present",
        response.headers().first("Content-Type").orElseThrow());
  }

  @Test
  void writesTheHoursOfOneTenantAsCsv() {
    var response = bills.get(bills.one, Map.of(), "acme", "text/csv");
    assertEquals(
        """
        start,requests,bytesIn,bytesOut,ordersPlaced,readUnits,writeUnits,busyMs\r
        2026-11-24T08:00:00Z,3,0,0,0,7.5,0,0\r
        """,
        new String(response.body(), StandardCharsets.UTF_8));
    assertEquals(
        "text/csv; charset=utf-8; header=present",
        response.headers().first("Content-Type").orElseThrow());
  }

  @Test
  void noCacheReusesABillOrReturnsItInTheOtherForm() {
    for (var route : List.of(bills.one, bills.all)) {
      for (var accept : List.of("text/csv", "application/json")) {
        var headers = bills.get(route, Map.of(), "acme", accept).headers();
        assertEquals(Optional.of("private, no-cache"), headers.first("Cache-Control"));
        assertEquals(Optional.of("Accept"), headers.first("Vary"));
      }
    }
  }

  private static TenantRecord named(String id, String name) {
    return new TenantRecord(
        new TenantId(id),
        name,
        "free",
        TenantStatus.ACTIVE,
        new Placement.Pool(),
        Overrides.NONE,
        Set.of(),
        EIGHT,
        EIGHT,
        1,
        1);
  }
}
