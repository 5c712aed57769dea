package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.aws.Template.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** An attacker uses stolen credentials of the service directly. */
@ExtendWith(SharedHouse.class)
class ServiceCredentialsTest {
  private static final List<Prying> READS_AND_WRITES =
      Stream.of(WallTricks.ITEMS, WallTricks.QUERIES, MixedTricks.BATCHES, MixedTricks.PARTIQL)
          .flatMap(List::stream)
          .toList();

  private final House fixture;

  ServiceCredentialsTest(House fixture) {
    this.fixture = fixture;
  }

  private DynamoDbClient clientWithServiceCredentials() {
    return DynamoDbClient.builder()
        .region(Region.of(Target.LOCAL.region()))
        .endpointOverride(fixture.aws().aws().endpoint())
        .credentialsProvider(fixture.aws().service())
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
            new Scene(
                fixture,
                fixture.resident("acme2"),
                fixture.resident(target),
                new java.util.SplittableRandom(7));
        for (var call : READS_AND_WRITES) {
          assertEquals(
              "AccessDeniedException",
              Eye.outcome(() -> call.call().apply(client, scene)),
              () -> call.kind() + " on " + target);
        }
      }
    }
    fixture.takeStock();
    assertEquals(List.of(), List.copyOf(fixture.findings().breaches()));
  }

  @Test
  void cannotScanDeleteOrChangeTables() {
    try (var client = clientWithServiceCredentials()) {
      var scene = Gang.scenes(fixture).getFirst();
      for (var call : TableTricks.ALL) {
        var outcome = Eye.outcome(() -> call.call().apply(client, scene));
        // The service may use its own tables and describe every table.
        var allowed = call.kind().matches("registry: .*|ledger: .*|DescribeTable");
        assertEquals(allowed, outcome.startsWith("succeeded"), () -> call.kind() + ": " + outcome);
      }
    }
  }
}
