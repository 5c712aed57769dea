package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attack, from a tenant of each kind of placement on one of each kind. */
@WithAttackFixture
class OutsideAttacksTest {
  /**
   * Six attackers in the pool have one target each. The two in sharded pools have three targets
   * together, one of each placement, and so have the two in silos.
   */
  private static final long SCENES = 6 + 3 + 3;

  private final AttackFixture fixture;

  OutsideAttacksTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  static List<Named<List<AttackCase>>> catalogue() {
    return List.of(
        Named.of("order ids, reads", OrderAttacks.READS),
        Named.of("order ids and idempotency keys, writes", OrderAttacks.WRITES),
        Named.of("cursors and users", OrderAttacks.LISTS),
        Named.of("tenant name in header fields and queries", NameAttacks.FIELDS_AND_QUERIES),
        Named.of("tenant host", NameAttacks.HOSTS),
        Named.of("tenant name in a body", NameAttacks.BODIES),
        Named.of("malformed claims", TokenAttacks.CLAIMS),
        Named.of("forged tokens", TokenAttacks.FORGERIES),
        Named.of("scopes", TokenAttacks.SCOPES),
        Named.of("usage", UsageAttacks.ALL),
        Named.of("operators' routes and tokens", OperatorAttacks.ALL),
        Named.of("issuers that tenants name", IssuerAttacks.ALL),
        Named.of("a hostile business package", HostileCodeAttacks.ALL),
        Named.of("a store without isolation layer 1", BuggyCodeAttacks.ALL));
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void blocksCrossTenantAccessBy(List<AttackCase> attacks) throws Exception {
    var before = fixture.findings().attempts();
    AttackWorkers.runAttacks(fixture, attacks);
    fixture.checkTables();
    assertEquals(List.of(), List.copyOf(fixture.findings().reported()));
    assertEquals(SCENES * attacks.size(), fixture.findings().attempts() - before);
  }

  @Test
  void theAttacksCoverEachCombinationOfPlacements() {
    var combinations =
        AttackWorkers.scenes(fixture).stream()
            .map(scene ->
                Stream.of(scene.attacker(), scene.target())
                    .map(tenant -> fixture.placementOf(tenant).getClass().getSimpleName())
                    .toList())
            .collect(Collectors.toSet());
    var kinds = List.of("Pool", "ShardedPool", "Silo");
    assertEquals(
        kinds.stream()
            .flatMap(attacker -> kinds.stream().map(target -> List.of(attacker, target)))
            .collect(Collectors.toSet()),
        combinations);
  }

  @Test
  void metricsContainNoTenantData() {
    try (var client = new AttackHttpClient(fixture.managementPort())) {
      for (var type : List.of("text/plain", "application/openmetrics-text")) {
        var answer = client.send(ApiRequest.get("/metrics").withHeader("Accept: " + type));
        assertEquals(200, answer.status());
        assertTrue(answer.text().contains("partywall"), answer::text);
        assertEquals(List.of(), fixture.canaries().leaksIn(answer.text(), "no-tenant"));
      }
      assertEquals(404, client.send(ApiRequest.get("/orders").withToken("x")).status());
    }
  }

  @Test
  void acceptsAHostThatNamesTheCallersOwnTenant() {
    try (var client = new AttackHttpClient(fixture.port())) {
      var scene = AttackWorkers.scenes(fixture).getFirst();
      var answer =
          client.send(
              scene
                  .get("/orders?user=" + scene.attacker().uniqueUser())
                  .withHost(scene.attacker().name() + "." + AttackFixture.TENANT_DOMAIN));
      assertEquals(200, answer.status());
      assertTrue(answer.text().contains(scene.attacker().canary()));
    }
  }

  /** The attacks on this route fail because of the token: an operator's token succeeds. */
  @Test
  void anOperatorReadsTheItemThatTheAttacksTarget() {
    try (var client = new AttackHttpClient(fixture.port())) {
      var scene = AttackWorkers.scenes(fixture).getFirst();
      var item = ApiRequest.get(OperatorAttacks.itemOf(scene.target(), scene));
      var answer = client.send(item.withToken(fixture.tokens().ofOperator("tenants:read")));
      assertEquals(200, answer.status());
      assertTrue(answer.text().contains(scene.target().canary()), answer::text);
    }
  }

  /** The attacks with this tenant's id fail because of the issuer. */
  @Test
  void theNamedIssuerReachesTheTenantThatNamesIt() {
    try (var client = new AttackHttpClient(fixture.port())) {
      var token = IssuerAttacks.ofNamedIssuer(fixture, AttackFixture.NAMING_TENANT);
      var answer = client.send(ApiRequest.get("/tenant").withToken(token));
      assertEquals(200, answer.status());
      assertEquals(
          List.of(), fixture.canaries().leaksIn(answer.text(), AttackFixture.NAMING_TENANT));
      assertEquals(1, fixture.canaries().leaksIn(answer.text(), "acme").size());
    }
  }

  @Test
  void theLogProbeDetectsACanary() {
    assertTrue(fixture.logProbe().lineCount() > 0);
    assertTrue(
        fixture.logProbe().ownTenantLines() > 0,
        "log lines of a tenant contain the names of its users");
    var findings = new Findings();
    var probe = new LogProbe(fixture.canaries(), findings);
    var canary = fixture.tenants().getFirst().canary();
    probe.accept("{\"tenant\":\"globex\",\"message\":\"" + canary + "\"}");
    assertEquals(1, findings.reported().size());
    assertEquals(canary.length(), findings.leakedBytes());
  }
}
