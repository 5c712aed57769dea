package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.AwsConfig;
import dev.partywall.local.aws.LocalAws;
import dev.partywall.local.aws.dynamo.DynamoFault;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.sts.User;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.operations.lifecycle.TestOwners;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Imports into tables with conflicts, throttling and delayed indexes. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ImportFaultsTest {
  private static final String ALL_TABLES =
      """
      {"Version": "2012-10-17", "Statement":
        {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}}\
      """;

  private static final Placement SHARDED = new Placement.ShardedPool(2);
  private static final List<StoredItem> CONTENT = ImportFixture.orders(100, "{\"a\":1}");
  private static final List<StoredItem> FORMER = ImportFixture.orders(10, "{\"b\":2}");

  private final LocalAws aws;
  private final ImportFixture fixture;

  ImportFaultsTest(LocalDynamo dynamo) throws IOException {
    // The client of the fixture has these credentials.
    var user = new User("local", "local", "local", List.of(IamPolicy.of(ALL_TABLES)));
    aws =
        LocalAws.start(
            AwsConfig.of("eu-central-1", "123456789012", List.of(user), List.of()), dynamo);
    fixture = new ImportFixture(dynamo, MeteringFixture.client(aws.endpoint(), List.of()));
  }

  @AfterEach
  void close() {
    fixture.close();
    aws.close();
  }

  private void injectFaults() {
    var faults = aws.dynamoFaultMode();
    faults.inject(DynamoFault.TRANSACTION_CONFLICT, fixture.locations.pool(), 0.3);
    faults.inject(DynamoFault.THROUGHPUT_EXCEEDED, fixture.locations.pool(), 0.3);
    faults.delayIndexes(Duration.ofSeconds(5));
  }

  @Test
  void writesEachItemOnceDespiteConflictsAndThrottling() {
    var tenant = fixture.register("copy", SHARDED);
    fixture.open(tenant, true, false, true);
    fixture.complete(tenant, ImportFixture.file("acme", CONTENT), 3);
    injectFaults();
    fixture.takeOver(tenant).finishWithRepetitions();
    assertEquals(fixture.expected(tenant, CONTENT), fixture.items(tenant));
    assertResult(tenant, 100);
  }

  @Test
  void replacesTheContentDespiteConflictsAndThrottling() {
    var tenant = fixture.register("acme", SHARDED);
    var neighbour = fixture.register("acme2", SHARDED);
    fixture.store(tenant, FORMER);
    var mark =
        Map.of(
            "pk", AttributeValue.fromS("acme.1"),
            "sk", AttributeValue.fromS(".mark#ordersPlaced#2026-11-28T08#o0001"),
            "f", AttributeValue.fromN("1"));
    fixture.store(tenant, mark);
    fixture.store(neighbour, FORMER);
    var neighbours = fixture.items(neighbour);
    fixture.open(tenant, false, true, false);
    fixture.complete(tenant, ImportFixture.file("acme", CONTENT), 2);
    injectFaults();
    fixture.takeOver(tenant).finishWithRepetitions();
    var items = new ArrayList<>(fixture.items(tenant));
    assertTrue(items.remove(mark), "the mark is kept");
    assertEquals(fixture.expected(tenant, CONTENT), items);
    assertEquals(neighbours, fixture.items(neighbour));
    assertResult(tenant, 100);
  }

  private void assertResult(TenantId tenant, int orders) {
    var result = fixture.operations.document(tenant, ".import-result#1").orElseThrow();
    assertEquals("{\"order\":" + orders + "}", result.get("counts"));
  }

  @Test
  void slowsDownInEachStateThatChangesItems() {
    var tenant = fixture.register("slow", SHARDED);
    fixture.store(tenant, FORMER);
    fixture.open(tenant, false, true, false);
    fixture.complete(tenant, ImportFixture.file("slow", FORMER.subList(0, 3)), 1);
    var instance = fixture.takeOver(tenant);
    for (var state :
        List.of(
            ImportState.WRITING,
            ImportState.SWITCHING,
            ImportState.DELETING,
            ImportState.CLEARING)) {
      while (!fixture.operations.find(tenant).orElseThrow().state().equals(state)) {
        instance.step();
      }
      aws.dynamoFaultMode().inject(DynamoFault.TRANSACTION_CONFLICT, fixture.locations.pool(), 1);
      assertThrows(ApiException.class, instance::step);
      assertEquals(500_000_001, delayNanos(), state);
      aws.dynamoFaultMode().restore();
    }
    instance.finish();
    assertEquals(fixture.expected(tenant, FORMER.subList(0, 3)), fixture.items(tenant));
  }

  /** Returns the delay of the next call, while no time passes. */
  private long delayNanos() {
    var step = fixture.paceStep.getAndSet(0);
    var delay = TestOwners.delayNanos(fixture.pace);
    fixture.paceStep.set(step);
    return delay;
  }
}
