package dev.partywall.metering.ledger;

import dev.partywall.storage.DynamoErrors;
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
 * Checks and creates the ledger's table. The time to live ({@code ttl}) only removes old items; a
 * table without it works correctly.
 *
 * <p>Every method throws {@link dev.partywall.error.ApiException} as {@code Unavailable} if
 * DynamoDB is unavailable.
 */
public final class UsageTable {
  private static final WaiterOverrideConfiguration WAITER_CONFIG =
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

  /**
   * Creates an instance for the table with the prefix, called with the service's own credentials.
   */
  public UsageTable(DynamoDbClient client, String prefix) {
    this.client = client;
    this.name = prefix + "usage";
  }

  /** Returns the faults of the table, one line each, or an empty list. */
  public List<String> faults() {
    var table = describe();
    if (table.isEmpty()) {
      return List.of("table " + name + " is missing");
    }
    return table.flatMap(UsageTable::fault).map(fault -> "table " + name + " " + fault).stream()
        .toList();
  }

  /** Creates the table if it is missing, and waits until it is active. */
  public void createMissing() {
    if (describe().isEmpty()) {
      DynamoErrors.call("CreateTable", name, this::create);
    }
    if (!isTtlEnabled()) {
      DynamoErrors.call("UpdateTimeToLive", name, this::enableTtl);
    }
  }

  private static Optional<String> fault(TableDescription table) {
    if (table.tableStatus() != TableStatus.ACTIVE && table.tableStatus() != TableStatus.UPDATING) {
      return Optional.of("is " + table.tableStatusAsString());
    }
    return table.keySchema().equals(KEY)
        ? Optional.empty()
        : Optional.of("has a key other than pk and sk");
  }

  private Optional<TableDescription> describe() {
    return DynamoErrors.call(
        "DescribeTable",
        name,
        () -> {
          try {
            return Optional.of(client.describeTable(request -> request.tableName(name)).table());
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
              .attributeDefinitions(
                  stringAttribute(LedgerItem.PARTITION_KEY), stringAttribute(LedgerItem.SORT_KEY))
              .keySchema(KEY)
              .build());
    } catch (ResourceInUseException _) {
      // Another instance that started at the same time created it.
    }
    try (var waiter = client.waiter()) {
      return waiter.waitUntilTableExists(
          DescribeTableRequest.builder().tableName(name).build(), WAITER_CONFIG);
    }
  }

  private Object enableTtl() {
    return client.updateTimeToLive(request ->
        request
            .tableName(name)
            .timeToLiveSpecification(ttl -> ttl.attributeName(LedgerItem.EXPIRY).enabled(true)));
  }

  private boolean isTtlEnabled() {
    var response =
        DynamoErrors.call(
            "DescribeTimeToLive",
            name,
            () -> client.describeTimeToLive(request -> request.tableName(name)));
    var status = response.timeToLiveDescription().timeToLiveStatus();
    return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
  }

  private static AttributeDefinition stringAttribute(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
