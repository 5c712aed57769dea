package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** An attacker uses stolen credentials of the service directly. */
@WithAttackFixture
class ServiceCredentialsTest {
  private static final List<CrossTenantCall> READS_AND_WRITES =
      Stream.of(
              PolicyAttacks.ITEMS,
              PolicyAttacks.QUERIES,
              MixedAttacks.BATCHES,
              MixedAttacks.PARTIQL)
          .flatMap(List::stream)
          .toList();

  private final AttackFixture fixture;

  ServiceCredentialsTest(AttackFixture fixture) {
    this.fixture = fixture;
  }

  private DynamoDbClient clientWithServiceCredentials() {
    return DynamoDbClient.builder()
        .region(Region.of(DeploymentTarget.LOCAL.region()))
        .endpointOverride(fixture.aws().aws().endpoint())
        .credentialsProvider(fixture.aws().serviceCredentials())
        .build();
  }

  /**
   * The service's credentials belong to no tenant, so the attacker's own keys are foreign as well.
   */
  @Test
  void cannotReadOrWriteOrdersInAnyPlacement() {
    try (var client = clientWithServiceCredentials()) {
      for (var target : List.of("acme", "globex", "initech")) {
        var scene =
            new AttackScene(
                fixture,
                fixture.tenant("acme2"),
                fixture.tenant(target),
                new java.util.SplittableRandom(7));
        for (var call : READS_AND_WRITES) {
          assertEquals(
              "AccessDeniedException",
              ResponseProbe.outcome(() -> call.call().apply(client, scene)),
              () -> call.kind() + " on " + target);
        }
      }
    }
    fixture.checkTables();
    assertEquals(List.of(), List.copyOf(fixture.findings().reported()));
  }

  @Test
  void cannotScanDeleteOrChangeTables() {
    try (var client = clientWithServiceCredentials()) {
      var scene = AttackWorkers.scenes(fixture).getFirst();
      for (var call : TableAttacks.ALL) {
        var outcome = ResponseProbe.outcome(() -> call.call().apply(client, scene));
        // The service may use its own tables and describe every table.
        var allowed = call.kind().matches("registry: .*|ledger: .*|DescribeTable");
        assertEquals(allowed, outcome.startsWith("succeeded"), () -> call.kind() + ": " + outcome);
      }
    }
  }
}
