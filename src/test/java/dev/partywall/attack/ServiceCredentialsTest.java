package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.aws.Template.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Somebody has taken the service's own credentials, and uses them directly. */
@ExtendWith(SharedHouse.class)
class ServiceCredentialsTest {
  private static final List<Prying> READS_AND_WRITES =
      Stream.of(WallTricks.ITEMS, WallTricks.QUERIES, MixedTricks.BATCHES, MixedTricks.PARTIQL)
          .flatMap(List::stream)
          .toList();

  private final House house;

  ServiceCredentialsTest(House house) {
    this.house = house;
  }

  private DynamoDbClient thief() {
    return DynamoDbClient.builder()
        .region(Region.of(Target.LOCAL.region()))
        .endpointOverride(house.aws().aws().endpoint())
        .credentialsProvider(house.aws().service())
        .build();
  }

  /** Whoever "me" is, these credentials are nobody's: own keys are as foreign as any. */
  @Test
  void notOneOrderCanBeReadOrWrittenInAnyPlacement() {
    try (var client = thief()) {
      for (var them : List.of("acme", "globex", "initech")) {
        var scene =
            new Scene(
                house,
                house.resident("acme2"),
                house.resident(them),
                new java.util.SplittableRandom(7));
        for (var prying : READS_AND_WRITES) {
          assertEquals(
              "AccessDeniedException",
              Eye.outcome(() -> prying.call().apply(client, scene)),
              () -> prying.kind() + " on " + them);
        }
      }
    }
    house.takeStock();
    assertEquals(List.of(), List.copyOf(house.findings().breaches()));
  }

  @Test
  void noTableCanBeScannedDroppedOrChanged() {
    try (var client = thief()) {
      var scene = Gang.scenes(house).getFirst();
      for (var prying : TableTricks.ALL) {
        var outcome = Eye.outcome(() -> prying.call().apply(client, scene));
        // What belongs to the service, it may use; and it may look at its tables' descriptions.
        var its = prying.kind().matches("registry: .*|ledger: .*|DescribeTable");
        assertEquals(its, outcome.startsWith("passed"), () -> prying.kind() + ": " + outcome);
      }
    }
  }
}
