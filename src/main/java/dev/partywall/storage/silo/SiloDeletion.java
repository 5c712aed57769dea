package dev.partywall.storage.silo;

import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * Deletes the table of a tenant in a silo. Every method throws {@link
 * dev.partywall.error.ApiException} as {@code Unavailable} if DynamoDB is unavailable.
 *
 * @param provisioner a client with the credentials of the provisioner role
 */
public record SiloDeletion(DynamoDbClient provisioner) {
  /** Returns whether the table exists. */
  public boolean exists(String table) {
    return describe(table).isPresent();
  }

  /**
   * Makes the next call that the deletion requires. Returns without waiting for DynamoDB to
   * complete it, and can be repeated after an interruption.
   *
   * @return whether the table does not exist any more
   */
  public boolean advance(String table) {
    var found = describe(table);
    // DynamoDB rejects both calls while it changes the table.
    found
        .filter(existing -> existing.tableStatus() == TableStatus.ACTIVE)
        .ifPresent(this::deleteOrUnprotect);
    return found.isEmpty();
  }

  private void deleteOrUnprotect(TableDescription table) {
    if (Boolean.TRUE.equals(table.deletionProtectionEnabled())) {
      provisioner.updateTable(
          update -> update.tableName(table.tableName()).deletionProtectionEnabled(false));
    } else {
      provisioner.deleteTable(delete -> delete.tableName(table.tableName()));
    }
  }

  private Optional<TableDescription> describe(String table) {
    try {
      return Optional.of(provisioner.describeTable(request -> request.tableName(table)).table());
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }
}
