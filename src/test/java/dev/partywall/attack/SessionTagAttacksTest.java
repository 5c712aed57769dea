package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.isolation.RoleArn;
import dev.partywall.isolation.SessionPolicy;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * The code that issues credentials has a bug: it omits the session policy, or sends that of another
 * tenant. The session tag remains.
 */
@WithAttackFixture
class SessionTagAttacksTest {
  private static final String REGION = DeploymentTarget.LOCAL.region();

  private final AttackFixture fixture;

  SessionTagAttacksTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  /** Pairs of every placement, with names that are prefixes of each other. */
  @ParameterizedTest
  @CsvSource({
    "acme, acme2",
    "acme, acme-2",
    "acme, acme1",
    "acme, acme3",
    "a, acme",
    "acme1, globex",
    "acme3, acme",
    "acme3, initech"
  })
  void withoutASessionPolicyTheTagLimitsASessionToItsTenant(String attacker, String target) {
    var attacks =
        Stream.of(
                PolicyAttacks.FOREIGN_ITEMS,
                PolicyAttacks.QUERIES,
                MixedAttacks.BATCHES,
                MixedAttacks.PARTIQL,
                TableAttacks.ALL)
            .flatMap(List::stream)
            .toList();
    var scene = scene(attacker, target);
    try (var client = client(attacker, _ -> {})) {
      var own = PolicyAttacks.query(scene.attacker().location().table(), scene.attackerKey());
      assertTrue(ResponseProbe.outcome(() -> client.query(own.build())).startsWith("succeeded"));
      assertEquals(List.of(), permitted(client, scene, attacks));
    }
    fixture.checkTables();
    assertEquals(List.of(), List.copyOf(fixture.findings().reported()));
  }

  @ParameterizedTest
  @CsvSource({"acme, acme2", "acme, acme3", "acme3, acme", "acme1, globex"})
  void theSessionPolicyOfAnotherTenantGivesAccessToNeitherTenant(String attacker, String target) {
    var scene = scene(attacker, target);
    var policy =
        new SessionPolicy(new RoleArn(fixture.aws().template().arn("TenantRole")), REGION)
            .json(scene.target().location());
    try (var client = client(attacker, request -> request.policy(policy))) {
      assertEquals(List.of(), permitted(client, scene, PolicyAttacks.ITEMS));
      var own = PolicyAttacks.query(scene.attacker().location().table(), scene.attackerKey());
      assertEquals("AccessDeniedException", ResponseProbe.outcome(() -> client.query(own.build())));
    }
  }

  @Test
  void withoutATagThereIsNoSession() {
    assertEquals(
        "AccessDenied", ResponseProbe.outcome(() -> fixture.aws().assumeTenantRole(_ -> {})));
  }

  private AttackScene scene(String attacker, String target) {
    return new AttackScene(
        fixture, fixture.tenant(attacker), fixture.tenant(target), new SplittableRandom(1));
  }

  private DynamoDbClient client(String tenant, Consumer<AssumeRoleRequest.Builder> parameters) {
    var tag = Tag.builder().key("tenant").value(tenant).build();
    return DynamoDbClient.builder()
        .region(Region.of(REGION))
        .endpointOverride(fixture.aws().aws().endpoint())
        .credentialsProvider(
            fixture.aws().assumeTenantRole(request -> request.tags(tag).applyMutation(parameters)))
        .build();
  }

  private static List<String> permitted(
      DynamoDbClient client, AttackScene scene, List<CrossTenantCall> calls) {
    var permitted = new ArrayList<String>();
    for (var call : calls) {
      var outcome = ResponseProbe.outcome(() -> call.call().apply(client, scene));
      if (!outcome.equals("AccessDeniedException")) {
        permitted.add(call.kind() + ": " + outcome);
      }
    }
    return permitted;
  }
}
