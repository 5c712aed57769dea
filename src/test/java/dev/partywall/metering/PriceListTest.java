package dev.partywall.metering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PriceListTest {
  @Test
  void reportsAllFaults() {
    var faults =
        faults(
            """
            {"currency":"euro","discount":1,
             "cost":{"readUnits":1.5,"cpu":1},
             "tiers":{"free":{"requests":{"micros":-1,"per":0}},"premium":3}}
            """);
    var places = new TreeSet<String>();
    faults.forEach(fault -> places.add(fault.split(" ", 2)[0]));
    var expected =
        List.of(
            "/cost/cpu",
            "/cost/readUnits",
            "/currency",
            "/discount",
            "/tiers/free/requests/micros",
            "/tiers/free/requests/per",
            "/tiers/premium");
    assertEquals(expected, List.copyOf(places));
  }

  @Test
  void rejectsInvalidJson() {
    assertEquals(
        List.of("the price list is not JSON: line 1, column 13."), faults("{\"currency\":"));
    assertEquals(List.of("the price list must be a JSON object"), faults("[]"));
  }

  @Test
  void roundsAPriceOnceAndHalfUp() {
    assertEquals(2, new MeterPrice(283, 1000).charge(UsageMeter.READ_UNITS, 7500));
    assertEquals(1, new MeterPrice(1, 2).charge(UsageMeter.REQUESTS, 1));
    assertEquals(0, new MeterPrice(1, 3).charge(UsageMeter.REQUESTS, 1));
    assertEquals(Long.MAX_VALUE, new MeterPrice(Long.MAX_VALUE, 1).charge(UsageMeter.REQUESTS, 1));
    assertThrows(
        ArithmeticException.class,
        () -> new MeterPrice(Long.MAX_VALUE, 1).charge(UsageMeter.REQUESTS, 2));
  }

  private static List<String> faults(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return assertThrows(PriceList.InvalidPriceListException.class, () -> PriceList.parse(bytes))
        .faults();
  }
}
