package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every attack between every pair of tenants, in every combination of placements. */
@ExtendWith(SharedHouse.class)
class OutsideTest {
  private final House fixture;

  OutsideTest(House fixture) {
    this.fixture = fixture;
  }

  static List<Named<List<Trick>>> catalogue() {
    return List.of(
        Named.of("order ids, reads", OrderTricks.READS),
        Named.of("order ids and idempotency keys, writes", OrderTricks.WRITES),
        Named.of("cursors and users", OrderTricks.LISTS),
        Named.of("tenant name in header fields and queries", NameTricks.FIELDS_AND_QUERIES),
        Named.of("tenant host", NameTricks.HOSTS),
        Named.of("tenant name in a body", NameTricks.BODIES),
        Named.of("malformed claims", TokenTricks.CLAIMS),
        Named.of("forged tokens", TokenTricks.FORGERIES),
        Named.of("scopes", TokenTricks.SCOPES),
        Named.of("usage", UsageTricks.ALL),
        Named.of("a hostile business package", BurglarTricks.ALL),
        Named.of("a store without isolation layer 1", BuggyTricks.ALL));
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void blocksCrossTenantAccessBy(List<Trick> attacks) throws Exception {
    var before = fixture.findings().attempts();
    Gang.trick(fixture, attacks);
    fixture.takeStock();
    assertEquals(List.of(), List.copyOf(fixture.findings().breaches()));
    assertEquals(90L * attacks.size(), fixture.findings().attempts() - before);
  }

  @Test
  void metricsContainNoTenantData() {
    try (var client = new Phone(fixture.managementPort())) {
      for (var type : List.of("text/plain", "application/openmetrics-text")) {
        var answer = client.ask(Ask.get("/metrics").with("Accept: " + type));
        assertEquals(200, answer.status());
        assertTrue(answer.text().contains("partywall"), answer::text);
        assertEquals(List.of(), fixture.canaries().foreign(answer.text(), "no-tenant"));
      }
      assertEquals(404, client.ask(Ask.get("/orders").as("x")).status());
    }
  }

  @Test
  void acceptsAHostThatNamesTheCallersOwnTenant() {
    try (var client = new Phone(fixture.port())) {
      var scene = Gang.scenes(fixture).getFirst();
      var answer =
          client.ask(
              scene
                  .get("/orders?user=" + scene.me().user())
                  .at(scene.me().name() + "." + House.DOMAIN));
      assertEquals(200, answer.status());
      assertTrue(answer.text().contains(scene.me().canary()));
    }
  }

  @Test
  void theLogProbeDetectsACanary() {
    assertTrue(fixture.ear().lines() > 0);
    assertTrue(fixture.ear().own() > 0, "log lines of a tenant contain the names of its users");
    var findings = new Findings();
    var probe = new Ear(fixture.canaries(), findings);
    var canary = fixture.residents().getFirst().canary();
    probe.accept("{\"tenant\":\"globex\",\"message\":\"" + canary + "\"}");
    assertEquals(1, findings.breaches().size());
    assertEquals(canary.length(), findings.canaryBytes());
  }
}
