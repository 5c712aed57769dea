package dev.partywall.storage;

import dev.partywall.concurrent.Backoff;
import dev.partywall.error.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Verifies tables, and creates missing ones. Time to live only removes expired items: a table
 * without it is not a fault.
 *
 * <p>Every method throws {@link dev.partywall.error.ApiException} with {@code Unavailable} when
 * DynamoDB is unavailable.
 *
 * @param client the service's own client, whose credentials cannot read items of tenants
 * @param provisioner creates the tables; its credentials may be those of another role
 * @param tables the schemas of the tables
 */
public record TableProvisioning(
    DynamoDbClient client, DynamoDbClient provisioner, List<Schema> tables) {
  /** The pauses between the checks of a new table. All together take a minute. */
  private static final Backoff CHECKS =
      new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), 0);

  private static final int MAX_CHECKS = 64;

  /** Copies the list, which makes the record immutable. */
  public TableProvisioning {
    tables = List.copyOf(tables);
  }

  /** Verifies and creates tables with the same credentials. */
  public TableProvisioning(DynamoDbClient client, List<Schema> tables) {
    this(client, client, tables);
  }

  /** Returns whether a table does not exist. */
  public boolean isAnyMissing() {
    return tables.stream().anyMatch(schema -> describe(schema.table()).isEmpty());
  }

  /** Returns the tables' faults, one line each. Empty when all tables are usable. */
  public List<String> faults() {
    return tables.stream().flatMap(table -> fault(table).stream()).toList();
  }

  /**
   * Returns whether time to live is off for a table that needs it. Asks with the credentials of the
   * provisioner only if those of the service do not permit the question.
   */
  public boolean isAnyWithoutTimeToLive() {
    return tables.stream().anyMatch(schema -> schema.expiring() && !isExpiring(schema.table()));
  }

  /** Creates the missing tables, and waits until they are usable. Enables time to live. */
  public void createMissing() {
    tables.forEach(this::createIfMissing);
  }

  private Optional<String> fault(Schema schema) {
    var name = "table " + schema.table() + " ";
    return describe(schema.table())
        .map(found -> schema.fault(found).map(fault -> name + fault))
        .orElse(Optional.of(name + "is missing"));
  }

  private void createIfMissing(Schema schema) {
    if (describe(schema.table()).isEmpty()) {
      create(schema);
    }
    if (schema.expiring() && !hasTimeToLive(provisioner, schema.table())) {
      enableTimeToLive(schema);
    }
  }

  private void enableTimeToLive(Schema schema) {
    try {
      provisioner.updateTimeToLive(schema.timeToLiveRequest());
    } catch (DynamoDbException e) {
      // DynamoDB rejects the call if time to live is enabled already: by another instance, or by
      // this call, which the SDK repeats if the response is lost.
      if (!hasTimeToLive(provisioner, schema.table())) {
        throw e;
      }
    }
  }

  private void create(Schema schema) {
    try {
      provisioner.createTable(schema.createRequest());
    } catch (ResourceInUseException _) {
      // Another instance, started at the same time, has created the table.
    }
    awaitActive(schema.table());
  }

  private void awaitActive(String table) {
    for (var checks = 1; checks <= MAX_CHECKS; checks++) {
      if (describe(table).filter(found -> found.tableStatus() == TableStatus.ACTIVE).isPresent()) {
        return;
      }
      ConflictRetry.pause(CHECKS.delay(checks, 0));
    }
    throw ErrorMappingDynamo.unavailable();
  }

  private Optional<TableDescription> describe(String table) {
    try {
      return Optional.of(client.describeTable(request -> request.tableName(table)).table());
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }

  private boolean isExpiring(String table) {
    try {
      return hasTimeToLive(client, table);
    } catch (ApiException e) {
      if (e.getCause() != null
          || client.equals(provisioner)) { // an outage, or no other credentials
        throw e;
      }
      return hasTimeToLive(provisioner, table);
    }
  }

  private static boolean hasTimeToLive(DynamoDbClient client, String table) {
    var status =
        client
            .describeTimeToLive(request -> request.tableName(table))
            .timeToLiveDescription()
            .timeToLiveStatus();
    return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
  }
}
