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
 * The tables that the placements need: whether they are there and fit, and making those that are
 * not there.
 *
 * <p>Every method throws {@link dev.partywall.http.Refused} as {@code Unavailable} when DynamoDB
 * can't be asked now.
 */
public final class Tables {
  private static final WaiterOverrideConfiguration PATIENCE =
      WaiterOverrideConfiguration.builder()
          .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofSeconds(1)))
          .maxAttempts(60)
          .build();

  private final DynamoDbClient client;
  private final Placements placements;

  /** Asks by the service's own client, whose credentials can't read what is in the tables. */
  public Tables(DynamoDbClient client, Placements placements) {
    this.client = client;
    this.placements = placements;
  }

  /** What is wrong with the tables, one line each; nothing when they are as they must be. */
  public List<String> faults() {
    return placements.tables().stream().flatMap(table -> fault(table).stream()).toList();
  }

  /** Makes the tables that are missing, and waits until they can be used. */
  public void createMissing() {
    placements.tables().forEach(this::createIfMissing);
  }

  private Optional<String> fault(String table) {
    var described = describe(client, table);
    if (described.isEmpty()) {
      return Optional.of("table " + table + " is missing");
    }
    return described.flatMap(Schema::fault).map(fault -> "table " + table + " " + fault);
  }

  private void createIfMissing(String table) {
    if (describe(client, table).isEmpty()) {
      create(client, Schema.create(table));
    }
    if (!expires(table)) {
      Calls.call("UpdateTimeToLive", table, () -> client.updateTimeToLive(Schema.expiry(table)));
    }
  }

  static Optional<TableDescription> describe(DynamoDbClient client, String table) {
    return Calls.call(
        "DescribeTable",
        table,
        () -> {
          try {
            return Optional.of(client.describeTable(it -> it.tableName(table)).table());
          } catch (ResourceNotFoundException _) {
            return Optional.empty();
          }
        });
  }

  /** Makes a table, and waits until it can be used. */
  static void create(DynamoDbClient client, CreateTableRequest request) {
    Calls.call(
        "CreateTable",
        request.tableName(),
        () -> {
          try {
            client.createTable(request);
          } catch (ResourceInUseException _) {
            // Another instance, started at the same time, was first.
          }
          try (var waiter = client.waiter()) {
            return waiter.waitUntilTableExists(
                DescribeTableRequest.builder().tableName(request.tableName()).build(), PATIENCE);
          }
        });
  }

  private boolean expires(String table) {
    var status =
        Calls.call(
                "DescribeTimeToLive",
                table,
                () -> client.describeTimeToLive(it -> it.tableName(table)))
            .timeToLiveDescription()
            .timeToLiveStatus();
    return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
  }
}
