package dev.partywall.metering.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.Faults;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PriceListTest {
  @Test
  void reportsAllFaults() {
    var faults =
        faults(
            """
            {"currency":"euro","discount":1,
             "cost":{"readUnits":1.5,"cpu":1},
             "tiers":{"free":{"requests":{"micros":-1,"per":0,"unit":1},"writeUnits":{}},
                      "premium":3,"a/b":[]}}
            """);
    var expected =
        List.of(
            "/cost/cpu: is unknown; known: busyMs, bytesIn, bytesOut, ordersPlaced, readUnits,"
                + " requests, writeUnits",
            "/cost/readUnits: must be an integer, written without fraction or exponent",
            "/currency: must be a three-letter currency code (ISO 4217)",
            "/discount: is unknown; known: cost, currency, tiers",
            "/tiers/a~1b: must be an object",
            "/tiers/free/requests/micros: must be from 0 to 9223372036854775807",
            "/tiers/free/requests/per: must be from 1 to 9223372036854775807",
            "/tiers/free/requests/unit: is unknown; known: micros, per",
            "/tiers/free/writeUnits/micros: is required",
            "/tiers/premium: must be an object");
    assertEquals(expected, faults.stream().sorted().toList());
  }

  @Test
  void acceptsTheDeclaredMetersOfTheServiceOnly() {
    var list = "{\"currency\":\"EUR\",\"cost\":{\"ordersPlaced\":1,\"notesCreated\":1}}";
    var faults = new Faults();
    var notes = new ServiceMeters(List.of(UsageMeter.declared("notesCreated")));
    PriceList.parse(list.getBytes(StandardCharsets.UTF_8), notes, faults);
    assertEquals(
        List.of(
            "/cost/ordersPlaced: is unknown; known: busyMs, bytesIn, bytesOut, notesCreated,"
                + " readUnits, requests, writeUnits"),
        faults.lines());
  }

  @Test
  void acceptsAPriceListWithoutCostAndTiers() {
    assertEquals(List.of(), faults("{\"currency\":\"EUR\"}"));
  }

  @Test
  void rejectsInvalidJson() {
    assertEquals(List.of("is not JSON: line 1, column 13"), faults("{\"currency\":"));
    assertEquals(List.of("must be an object"), faults("[]"));
  }

  @Test
  void roundsAPriceOnceAndHalfUp() {
    assertEquals(2, new PriceList.MeterPrice(283, 1000).charge(KernelMeter.READ_UNITS, 7500));
    assertEquals(1, new PriceList.MeterPrice(1, 2).charge(KernelMeter.REQUESTS, 1));
    assertEquals(0, new PriceList.MeterPrice(1, 3).charge(KernelMeter.REQUESTS, 1));
    assertEquals(
        Long.MAX_VALUE,
        new PriceList.MeterPrice(Long.MAX_VALUE, 1).charge(KernelMeter.REQUESTS, 1));
    assertThrows(
        ArithmeticException.class,
        () -> new PriceList.MeterPrice(Long.MAX_VALUE, 1).charge(KernelMeter.REQUESTS, 2));
  }

  private static List<String> faults(String json) {
    var faults = new Faults();
    PriceList.parse(json.getBytes(StandardCharsets.UTF_8), MeteringFixture.METERS, faults);
    return faults.lines();
  }
}
