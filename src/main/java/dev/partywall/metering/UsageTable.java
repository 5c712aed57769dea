package dev.partywall.metering;

import dev.partywall.storage.Calls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * The ledger's table: whether it is there and fits, and making it when it is not there. Its time to
 * live ({@code ttl}) only tidies up; a table without it is right all the same.
 *
 * <p>Every method throws {@link dev.partywall.http.Refused} as {@code Unavailable} when DynamoDB
 * can't be asked now.
 */
public final class UsageTable {
  private static final WaiterOverrideConfiguration PATIENCE =
      WaiterOverrideConfiguration.builder()
          .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofSeconds(1)))
          .maxAttempts(60)
          .build();

  private static final List<KeySchemaElement> KEY =
      List.of(
          KeySchemaElement.builder()
              .attributeName(LedgerItem.PARTITION_KEY)
              .keyType(KeyType.HASH)
              .build(),
          KeySchemaElement.builder()
              .attributeName(LedgerItem.SORT_KEY)
              .keyType(KeyType.RANGE)
              .build());

  private final DynamoDbClient client;
  private final String name;

  /** The table of that prefix, asked about by the service's own client. */
  public UsageTable(DynamoDbClient client, String prefix) {
    this.client = client;
    this.name = prefix + "usage";
  }

  /** What is wrong with it, one line each; nothing when it is as it must be. */
  public List<String> faults() {
    var table = describe();
    if (table.isEmpty()) {
      return List.of("table " + name + " is missing");
    }
    return table.flatMap(UsageTable::fault).map(it -> "table " + name + " " + it).stream().toList();
  }

  /** Makes it when it is missing, and waits until it can be used. */
  public void createMissing() {
    if (describe().isEmpty()) {
      Calls.call("CreateTable", name, this::create);
    }
    if (!expires()) {
      Calls.call("UpdateTimeToLive", name, this::expire);
    }
  }

  private static Optional<String> fault(TableDescription table) {
    if (table.tableStatus() != TableStatus.ACTIVE && table.tableStatus() != TableStatus.UPDATING) {
      return Optional.of("is " + table.tableStatusAsString());
    }
    return table.keySchema().equals(KEY)
        ? Optional.empty()
        : Optional.of("has another key than pk and sk");
  }

  private Optional<TableDescription> describe() {
    return Calls.call(
        "DescribeTable",
        name,
        () -> {
          try {
            return Optional.of(client.describeTable(it -> it.tableName(name)).table());
          } catch (ResourceNotFoundException _) {
            return Optional.empty();
          }
        });
  }

  private Object create() {
    try {
      client.createTable(
          CreateTableRequest.builder()
              .tableName(name)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .attributeDefinitions(text(LedgerItem.PARTITION_KEY), text(LedgerItem.SORT_KEY))
              .keySchema(KEY)
              .build());
    } catch (ResourceInUseException _) {
      // Another instance, started at the same time, was first.
    }
    try (var waiter = client.waiter()) {
      return waiter.waitUntilTableExists(
          DescribeTableRequest.builder().tableName(name).build(), PATIENCE);
    }
  }

  private Object expire() {
    return client.updateTimeToLive(it ->
        it.tableName(name)
            .timeToLiveSpecification(ttl -> ttl.attributeName(LedgerItem.EXPIRY).enabled(true)));
  }

  private boolean expires() {
    var answer =
        Calls.call(
            "DescribeTimeToLive", name, () -> client.describeTimeToLive(it -> it.tableName(name)));
    var status = answer.timeToLiveDescription().timeToLiveStatus();
    return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
