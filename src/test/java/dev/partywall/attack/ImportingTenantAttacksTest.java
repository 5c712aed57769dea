package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Attacks on a tenant whose import has written some items. {@link InactiveTenantAttacksTest} sends
 * its own tokens.
 */
@WithAttackFixture
class ImportingTenantAttacksTest {
  private final AttackFixture fixture;

  ImportingTenantAttacksTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  /** The attackers are in the same table and in another one. */
  private List<AttackScene> scenes() {
    return Stream.of("acme", "initech")
        .map(fixture::tenant)
        .map(attacker ->
            new AttackScene(fixture, attacker, fixture.importingTarget(), new SplittableRandom(1)))
        .toList();
  }

  private List<AttackCase> attacks() {
    return Stream.concat(AttackRun.ATTACKS_ON_IMPORT.stream(), fixture.operatorRoutes().stream())
        .toList();
  }

  @Test
  void noTokenOfAnotherTenantReachesTheImport() {
    try (var client = new AttackHttpClient(fixture.port())) {
      for (var scene : scenes()) {
        for (var attack : attacks()) {
          fixture.responseProbe().execute(attack, scene, client);
        }
        for (var call : AttackRun.DYNAMO_CALLS) {
          fixture.responseProbe().executeCall(call, scene);
        }
      }
    }
    fixture.checkTables();
    assertEquals(List.of(), List.copyOf(fixture.findings().reported()));
  }

  /** The attacks fail because of the tokens: the import exists, and an operator reads its state. */
  @Test
  void anOperatorReadsTheImport() {
    try (var client = new AttackHttpClient(fixture.port())) {
      var request = ApiRequest.get("/tenants/" + PartialImport.TENANT);
      var token = fixture.tokens().ofOperator("tenants:read");
      var answer = client.send(request.withToken(token));
      while (answer.status() == 429) { // the operators are above their rate
        Conditions.pause();
        answer = client.send(request.withToken(token));
      }
      assertEquals(200, answer.status());
      assertTrue(answer.text().contains("\"kind\":\"import\""), answer::text);
      assertTrue(answer.text().contains("\"state\":\"receiving\""), answer::text);
    }
  }
}
