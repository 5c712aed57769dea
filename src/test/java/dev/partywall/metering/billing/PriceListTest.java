package dev.partywall.metering.billing;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.Faults;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            "/discount: is unknown; known: cost, currency, tiers, versions",
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
    assertEquals(2, new MeterPrice(283, 1000).charge(KernelMeter.READ_UNITS, 7500));
    assertEquals(1, new MeterPrice(1, 2).charge(KernelMeter.REQUESTS, 1));
    assertEquals(0, new MeterPrice(1, 3).charge(KernelMeter.REQUESTS, 1));
    assertEquals(Long.MAX_VALUE, new MeterPrice(Long.MAX_VALUE, 1).charge(KernelMeter.REQUESTS, 1));
    assertThrows(
        ArithmeticException.class,
        () -> new MeterPrice(Long.MAX_VALUE, 1).charge(KernelMeter.REQUESTS, 2));
  }

  @Test
  void reportsAllFaultsOfVersions() {
    var faults =
        faults(
            """
            {"currency":"EUR","cost":{},"versions":[
              {"from":"2026-01-01T00:00:00Z","tiers":{"free":{"cpu":1}}},
              {"from":"2026-01-01T01:00:00+01:00","cost":{"requests":-1}},
              {"from":"2026-01-01T00:30:00Z","until":1},
              {"from":"2026-01-01"},
              {"from":2026},
              {},
              7]}
            """);
    var hour = "must be a full hour as an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z";
    assertEquals(
        List.of(
            "/cost: is unknown; known: currency, versions",
            "/versions/0/tiers/free/cpu: is unknown; known: busyMs, bytesIn, bytesOut,"
                + " ordersPlaced, readUnits, requests, writeUnits",
            "/versions/1/cost/requests: must be from 0 to 9223372036854775807",
            "/versions/1/from: must differ from the start of every other version",
            "/versions/2/from: " + hour,
            "/versions/2/until: is unknown; known: cost, from, tiers",
            "/versions/3/from: " + hour,
            "/versions/4/from: " + hour,
            "/versions/5/from: is required",
            "/versions/6: must be an object"),
        faults.stream().sorted().toList());
  }

  @Test
  void requiresAVersionInAListOfVersions() {
    var fault = List.of("/versions: must be an array of at least one version");
    assertEquals(fault, faults("{\"currency\":\"EUR\",\"versions\":[]}"));
    assertEquals(fault, faults("{\"currency\":\"EUR\",\"versions\":{}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"DEM\"", "\"eur\"", "\"EURO\"", "null", "978", "\"\""})
  void requiresAnActiveCurrency(String currency) {
    assertEquals(
        List.of("/currency: must be a three-letter currency code (ISO 4217)"),
        faults("{\"currency\":" + currency + "}"));
  }

  /** Three hours of 0.5 micros each: one and a half, rounded once. */
  @Test
  void sumsAmountsPerVersionAndTierBeforeItPricesThem() {
    var prices =
        prices(
            """
            {"currency":"EUR","tiers":{"free":{"requests":{"micros":1,"per":2}},
             "premium":{"requests":{"micros":1,"per":2},"ordersPlaced":10}}}
            """);
    var hours =
        List.of(
            requests(ACME, EIGHT, 1).withTier("free"),
            requests(ACME, EIGHT.plusSeconds(3_600), 1).withTier("premium"),
            requests(ACME, EIGHT.plusSeconds(7_200), 1).withTier("free"),
            requests(ACME, EIGHT.plusSeconds(10_800), 1).withTier("free"),
            requests(ACME, EIGHT.plusSeconds(14_400), 1).withTier("gold"));
    assertEquals(
        "{\"currency\":\"EUR\",\"lines\":["
            + "{\"tier\":\"free\",\"from\":\"1970-01-01T00:00:00Z\",\"meter\":\"requests\","
            + "\"amount\":3,\"micros\":2},"
            + "{\"tier\":\"premium\",\"from\":\"1970-01-01T00:00:00Z\",\"meter\":\"requests\","
            + "\"amount\":1,\"micros\":1}],\"totalMicros\":3}",
        prices.charge(hours, "standard").toJson().toString());
  }

  @Test
  void pricesEachHourByTheVersionOfItsTime() {
    var prices =
        prices(
            """
            {"currency":"EUR","versions":[
             {"from":"2026-11-24T10:00:00Z","tiers":{"free":{"requests":7}}},
             {"from":"2026-11-24T09:00:00Z","tiers":{"free":{"requests":5}}}]}
            """);
    var hours =
        List.of(
            requests(ACME, EIGHT, 100).withTier("free"),
            requests(ACME, NINE, 10).withTier("free"),
            requests(ACME, NINE.plusSeconds(3_600), 1).withTier("free"),
            requests(ACME, NINE.plusSeconds(7_200), 1).withTier("free"));
    var charges = prices.charge(hours, "free").toJson();
    assertEquals(
        List.of("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"), charges.findValuesAsText("from"));
    assertEquals(List.of("50", "14"), charges.findValuesAsText("micros"));
    assertEquals(64, charges.path("totalMicros").intValue());
  }

  /** The former form applies since 1970, so the first version of a converted list must as well. */
  @Test
  void aConvertedListYieldsTheSameBill() {
    var tiers = "\"tiers\":{\"free\":{\"requests\":5}}}";
    var former = prices("{\"currency\":\"EUR\"," + tiers);
    var converted =
        prices(
            "{\"currency\":\"EUR\",\"versions\":[{\"from\":\"1970-01-01T00:00:00Z\","
                + tiers
                + ",{\"from\":\"2026-12-01T00:00:00Z\",\"tiers\":{\"free\":{\"requests\":7}}}]}");
    var hours =
        List.of(
            requests(ACME, EIGHT.minus(Duration.ofDays(365)), 2).withTier("free"),
            requests(ACME, EIGHT, 1).withTier("free"));
    var bill =
        "{\"currency\":\"EUR\",\"lines\":[{\"tier\":\"free\",\"from\":\"1970-01-01T00:00:00Z\","
            + "\"meter\":\"requests\",\"amount\":3,\"micros\":15}],\"totalMicros\":15}";
    assertEquals(bill, former.charge(hours, "free").toJson().toString());
    assertEquals(bill, converted.charge(hours, "free").toJson().toString());
  }

  @Test
  void returnsTheTiersOfTheVersionThatApplies() {
    var prices =
        prices(
            """
            {"currency":"EUR","versions":[
             {"from":"2026-11-24T09:00:00Z","tiers":{"free":{}}},
             {"from":"2026-11-24T10:00:00Z","tiers":{"free":{},"gold":{"requests":7}}}]}
            """);
    assertEquals(Set.of(), prices.tiersAt(EIGHT));
    assertEquals(Set.of("free"), prices.tiersAt(NINE));
    assertEquals(Set.of("free", "gold"), prices.tiersAt(NINE.plusSeconds(3_600)));
  }

  @Test
  void marksTheLinesThatContainAnHourWithAnAssumedTier() {
    var prices =
        prices(
            """
            {"currency":"EUR","tiers":{"free":{"requests":7},"premium":{"requests":9}}}
            """);
    var hours =
        List.of(
            requests(ACME, EIGHT, 1),
            requests(ACME, NINE, 2).withTier("premium"),
            requests(ACME, NINE.plusSeconds(3_600), 4).withTier("free"));
    var lines = prices.charge(hours, "premium").toJson().path("lines");
    assertEquals(List.of("4", "3"), lines.findValuesAsText("amount"));
    assertFalse(lines.path(0).has("assumed"));
    assertEquals(true, lines.path(1).path("assumed").booleanValue());
  }

  @Test
  void marksNoLineWithoutAnAmountOfAnHourWithAnAssumedTier() {
    var prices =
        prices("{\"currency\":\"EUR\",\"tiers\":{\"free\":{\"requests\":7,\"bytesIn\":1}}}");
    var assumed = Usage.of(first(ACME), EIGHT, Amounts.of(KernelMeter.BYTES_IN, 5));
    var hours = List.of(assumed, requests(ACME, NINE, 2).withTier("free"));
    var lines = prices.charge(hours, "free").toJson().path("lines");
    assertEquals(List.of("requests", "bytesIn"), lines.findValuesAsText("meter"));
    assertFalse(lines.path(0).has("assumed"));
    assertTrue(lines.path(1).path("assumed").booleanValue());
  }

  @Test
  void rejectsASumOfLinesThatOverflows() {
    var prices =
        prices(
            "{\"currency\":\"EUR\",\"tiers\":{\"free\":{\"requests\":%d,\"bytesIn\":1}}}"
                .formatted(Long.MAX_VALUE));
    var amounts = Amounts.of(Map.of(KernelMeter.REQUESTS, 1L, KernelMeter.BYTES_IN, 1L));
    var charges = prices.charge(List.of(Usage.of(first(ACME), EIGHT, amounts)), "free");
    assertThrows(ArithmeticException.class, charges::toJson);
  }

  private static PriceList prices(String json) {
    var faults = new Faults();
    var prices =
        PriceList.parse(json.getBytes(StandardCharsets.UTF_8), MeteringFixture.METERS, faults);
    assertEquals(List.of(), faults.lines());
    return prices;
  }

  private static List<String> faults(String json) {
    var faults = new Faults();
    PriceList.parse(json.getBytes(StandardCharsets.UTF_8), MeteringFixture.METERS, faults);
    return faults.lines();
  }
}
