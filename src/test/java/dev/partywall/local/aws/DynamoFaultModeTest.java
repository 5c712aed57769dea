package dev.partywall.local.aws;

import static dev.partywall.local.aws.LocalAwsFixture.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.concurrent.Conditions;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.dynamo.DynamoFault;
import dev.partywall.local.aws.dynamo.DynamoFaultMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class DynamoFaultModeTest {
  private final LocalAwsFixture fixture;
  private final DynamoFaultMode faults;
  private DynamoDbClient client;

  DynamoFaultModeTest(LocalDynamo dynamo) throws Exception {
    this.fixture = new LocalAwsFixture(dynamo);
    this.faults = fixture.aws.dynamoFaultMode();
  }

  @BeforeEach
  void connect() {
    client =
        fixture.dynamo(
            fixture.restrictedCredentials(LocalAwsFixture.allowPolicy("dynamodb:*", "*")));
  }

  @AfterEach
  void close() {
    client.close();
    fixture.close();
  }

  @Test
  void cancelsATransactionWithAConflictAndChangesNothing() {
    faults.inject(DynamoFault.TRANSACTION_CONFLICT, 1);
    var cancelled = assertThrows(TransactionCanceledException.class, () -> put("a", "b"));
    assertEquals(List.of("TransactionConflict", "None"), codes(cancelled));
    assertThrows(TransactionConflictException.class, () -> delete("a"));
    assertEquals(List.of(), owned("o"));
    faults.restore();
    put("a", "b");
    assertEquals(List.of("a", "b"), owned("o"));
  }

  @Test
  void throttlesOneTableOnly() {
    faults.inject(DynamoFault.THROUGHPUT_EXCEEDED, "another-table", 1);
    put("a");
    faults.inject(DynamoFault.THROUGHPUT_EXCEEDED, fixture.table, 1);
    assertThrows(ProvisionedThroughputExceededException.class, () -> delete("a"));
    var cancelled = assertThrows(TransactionCanceledException.class, () -> put("b"));
    assertEquals(List.of("ProvisionedThroughputExceeded"), codes(cancelled));
  }

  @Test
  void throttlesTheGivenShareOfTheCalls() {
    faults.inject(DynamoFault.THROTTLED, 0.25);
    assertEquals(
        List.of(true, true, true, false, true, true, true, false),
        IntStream.range(0, 8).mapToObj(_ -> isServed()).toList());
  }

  private boolean isServed() {
    try {
      owned("o");
      return true;
    } catch (ThrottlingException _) {
      return false;
    }
  }

  @Test
  void aDelayedIndexReturnsItsFormerItemsForTheTimeOfTheDelay() {
    put("a", "b");
    faults.delayIndexes(Duration.ofSeconds(5));
    assertEquals(List.of("a", "b"), owned("o"));
    delete("a");
    put("c");
    writeBatch("d");
    assertEquals(List.of("b", "c", "d"), consistent("acme"));
    assertEquals(List.of("a", "b"), owned("o"));
    faults.delayIndexes(Duration.ofMillis(1));
    while (!owned("o").equals(List.of("b", "c", "d"))) {
      Conditions.pause();
    }
    faults.delayIndexes(Duration.ofSeconds(5));
    delete("b");
    assertEquals(List.of("b", "c", "d"), owned("o"));
    faults.restore();
    assertEquals(List.of("c", "d"), owned("o"));
  }

  @Test
  void delaysOneIndexAndKeepsPagesAndCapacityOfTheTable() {
    put("a", "b");
    faults.delayIndex("by-owner", Duration.ofSeconds(5));
    owned("o");
    put("c");
    var first = page(Map.of());
    assertEquals(fixture.table, first.consumedCapacity().tableName());
    assertEquals("a", first.items().getFirst().get("sk").s());
    var second = page(first.lastEvaluatedKey());
    assertEquals("b", second.items().getFirst().get("sk").s());
    assertEquals(Map.of(), page(second.lastEvaluatedKey()).lastEvaluatedKey());
  }

  @Test
  void deniesAnIndexOfAnotherTenantDuringADelay() {
    faults.delayIndexes(Duration.ofSeconds(5));
    try (var denied =
        fixture.dynamo(
            fixture.restrictedCredentials(
                LocalAwsFixture.allowPolicy("dynamodb:Query", fixture.tableArn())))) {
      var failure =
          assertThrows(
              DynamoDbException.class,
              () ->
                  denied.query(q ->
                      q.tableName(fixture.table)
                          .indexName("by-owner")
                          .keyConditionExpression("#o = :o")
                          .expressionAttributeNames(Map.of("#o", "owner"))
                          .expressionAttributeValues(Map.of(":o", AttributeValue.fromS("o")))));
      assertEquals("AccessDeniedException", failure.awsErrorDetails().errorCode());
    }
  }

  private void put(String... ids) {
    client.transactWriteItems(t ->
        t.transactItems(
            List.of(ids).stream()
                .map(id ->
                    TransactWriteItem.builder()
                        .put(p -> p.tableName(fixture.table).item(item(id)))
                        .build())
                .toList()));
  }

  private void writeBatch(String id) {
    client.batchWriteItem(b ->
        b.requestItems(
            Map.of(
                fixture.table,
                List.of(WriteRequest.builder().putRequest(p -> p.item(item(id))).build()))));
  }

  private static Map<String, AttributeValue> item(String id) {
    return Map.of(
        "pk", AttributeValue.fromS("acme"),
        "sk", AttributeValue.fromS(id),
        "owner", AttributeValue.fromS("o"));
  }

  private void delete(String id) {
    client.deleteItem(d -> d.tableName(fixture.table).key(key("acme", id)));
  }

  private List<String> owned(String owner) {
    return ids(
        client.query(q ->
            q.tableName(fixture.table)
                .indexName("by-owner")
                .keyConditionExpression("#o = :o")
                .expressionAttributeNames(Map.of("#o", "owner"))
                .expressionAttributeValues(Map.of(":o", AttributeValue.fromS(owner)))));
  }

  private QueryResponse page(Map<String, AttributeValue> after) {
    return client.query(q ->
        q.tableName(fixture.table)
            .indexName("by-owner")
            .limit(1)
            .returnConsumedCapacity("TOTAL")
            .exclusiveStartKey(after.isEmpty() ? null : after)
            .keyConditionExpression("#o = :o")
            .expressionAttributeNames(Map.of("#o", "owner"))
            .expressionAttributeValues(Map.of(":o", AttributeValue.fromS("o"))));
  }

  /** Returns the items of the table with the owner {@code o}. */
  private List<String> consistent(String partition) {
    return ids(
        client.query(q ->
            q.tableName(fixture.table)
                .consistentRead(true)
                .keyConditionExpression("pk = :p")
                .filterExpression("#o = :o")
                .expressionAttributeNames(Map.of("#o", "owner"))
                .expressionAttributeValues(
                    Map.of(
                        ":p", AttributeValue.fromS(partition),
                        ":o", AttributeValue.fromS("o")))));
  }

  private static List<String> ids(QueryResponse response) {
    return response.items().stream().map(item -> item.get("sk").s()).toList();
  }

  private static List<String> codes(TransactionCanceledException e) {
    return e.cancellationReasons().stream().map(CancellationReason::code).toList();
  }
}
