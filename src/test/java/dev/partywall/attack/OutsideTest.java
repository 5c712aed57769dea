package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every resident tries everything on every other one, wherever the two of them live. */
@ExtendWith(SharedHouse.class)
class OutsideTest {
  private final House house;

  OutsideTest(House house) {
    this.house = house;
  }

  static List<Named<List<Trick>>> catalogue() {
    return List.of(
        Named.of("the names of its orders, to read", OrderTricks.READS),
        Named.of("the names of its orders and keys, to write", OrderTricks.WRITES),
        Named.of("its cursors and users", OrderTricks.LISTS),
        Named.of("its name in fields and queries", NameTricks.FIELDS_AND_QUERIES),
        Named.of("its host", NameTricks.HOSTS),
        Named.of("its name in a body", NameTricks.BODIES),
        Named.of("crooked claims", TokenTricks.CLAIMS),
        Named.of("forged tokens", TokenTricks.FORGERIES),
        Named.of("scopes", TokenTricks.SCOPES),
        Named.of("its usage", UsageTricks.ALL),
        Named.of("a business package of a burglar's", BurglarTricks.ALL),
        Named.of("a store without its first lock", BuggyTricks.ALL));
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void nobodyReachesANeighbourBy(List<Trick> tricks) throws Exception {
    var before = house.findings().attempts();
    Gang.trick(house, tricks);
    house.takeStock();
    assertEquals(List.of(), List.copyOf(house.findings().breaches()));
    assertEquals(90L * tricks.size(), house.findings().attempts() - before);
  }

  @Test
  void theMetricsNameNobodysThings() {
    try (var phone = new Phone(house.managementPort())) {
      for (var type : List.of("text/plain", "application/openmetrics-text")) {
        var answer = phone.ask(Ask.get("/metrics").with("Accept: " + type));
        assertEquals(200, answer.status());
        assertTrue(answer.text().contains("partywall"), answer::text);
        assertEquals(List.of(), house.canaries().foreign(answer.text(), "nobody"));
      }
      assertEquals(404, phone.ask(Ask.get("/orders").as("x")).status());
    }
  }

  @Test
  void aHostThatNamesTheCallersOwnTenantIsLetIn() {
    try (var phone = new Phone(house.port())) {
      var scene = Gang.scenes(house).getFirst();
      var answer = phone.ask(scene.get("/orders").at(scene.me().name() + "." + House.DOMAIN));
      assertEquals(200, answer.status());
      assertTrue(answer.text().contains(scene.me().canary()));
    }
  }

  @Test
  void aCanaryWouldBeHeard() {
    assertTrue(house.ear().lines() > 0);
    assertTrue(house.ear().own() > 0, "users' names are on their own tenant's lines");
    var findings = new Findings();
    var ear = new Ear(house.canaries(), findings);
    var canary = house.residents().getFirst().canary();
    ear.accept("{\"tenant\":\"globex\",\"message\":\"" + canary + "\"}");
    assertEquals(1, findings.breaches().size());
    assertEquals(canary.length(), findings.canaryBytes());
  }
}
