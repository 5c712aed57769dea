package dev.partywall.storage;

import dev.partywall.tenancy.Placements;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Verifies the tables that the placements need, and creates missing ones.
 *
 * <p>Every method throws {@link dev.partywall.error.ApiException} with {@code Unavailable} when
 * DynamoDB is unavailable.
 */
public final class TableProvisioning {
  private static final WaiterOverrideConfiguration CREATION_WAIT =
      WaiterOverrideConfiguration.builder()
          .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofSeconds(1)))
          .maxAttempts(60)
          .build();

  private final DynamoDbClient client;
  private final Placements placements;

  /**
   * Creates a provisioner.
   *
   * @param client the service's own client, whose credentials cannot read items of the tables
   */
  public TableProvisioning(DynamoDbClient client, Placements placements) {
    this.client = client;
    this.placements = placements;
  }

  /** Returns the tables' faults, one line each. Empty when all tables are usable. */
  public List<String> faults() {
    return placements.tables().stream().flatMap(table -> fault(table).stream()).toList();
  }

  /** Creates the missing tables, and waits until they are usable. */
  public void createMissing() {
    placements.tables().forEach(this::createIfMissing);
  }

  private Optional<String> fault(String table) {
    var description = describe(client, table);
    if (description.isEmpty()) {
      return Optional.of("table " + table + " is missing");
    }
    return description.flatMap(Schema::fault).map(fault -> "table " + table + " " + fault);
  }

  private void createIfMissing(String table) {
    if (describe(client, table).isEmpty()) {
      create(client, Schema.tenantTableRequest(table));
    }
    if (!hasTimeToLive(table)) {
      DynamoErrors.call(
          "UpdateTimeToLive",
          table,
          () -> client.updateTimeToLive(Schema.timeToLiveRequest(table)));
    }
  }

  static Optional<TableDescription> describe(DynamoDbClient client, String table) {
    return DynamoErrors.call(
        "DescribeTable",
        table,
        () -> {
          try {
            return Optional.of(client.describeTable(request -> request.tableName(table)).table());
          } catch (ResourceNotFoundException _) {
            return Optional.empty();
          }
        });
  }

  /** Creates a table, and waits until it is usable. */
  static void create(DynamoDbClient client, CreateTableRequest request) {
    DynamoErrors.call(
        "CreateTable",
        request.tableName(),
        () -> {
          try {
            client.createTable(request);
          } catch (ResourceInUseException _) {
            // Another instance, started at the same time, has created the table.
          }
          try (var waiter = client.waiter()) {
            return waiter.waitUntilTableExists(
                DescribeTableRequest.builder().tableName(request.tableName()).build(),
                CREATION_WAIT);
          }
        });
  }

  private boolean hasTimeToLive(String table) {
    var status =
        DynamoErrors.call(
                "DescribeTimeToLive",
                table,
                () -> client.describeTimeToLive(request -> request.tableName(table)))
            .timeToLiveDescription()
            .timeToLiveStatus();
    return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
  }
}
