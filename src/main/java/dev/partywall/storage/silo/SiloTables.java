package dev.partywall.storage.silo;

import dev.partywall.error.ApiException;
import dev.partywall.error.AwsErrorCodes;
import dev.partywall.storage.Schema;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Creates the table of a tenant in a silo, with the keys, the indexes, the expiry, the encryption,
 * the backups and the deletion protection that the CloudFormation template gives the pool's table.
 *
 * <p>The progress is read from DynamoDB, and not stored: a call after an interruption continues
 * with the first missing part.
 *
 * @param provisioner a client with the credentials of the provisioner role
 */
public record SiloTables(DynamoDbClient provisioner) {
  /** The part of the creation that a call has started, or has found unfinished. */
  public enum Progress {
    /** The table was requested. */
    CREATING,
    /** The table is not usable yet, or its expiry was activated now. */
    ACTIVATING,
    /** The backups or the deletion protection were activated now. */
    PROTECTING,
    /** The table is complete. */
    COMPLETE
  }

  /**
   * Performs the first missing part of the creation. Returns without waiting for DynamoDB to
   * complete it.
   *
   * @throws SiloTableException if a repetition fails until an operator acts
   * @throws ApiException as {@code Unavailable} if DynamoDB or STS is unavailable
   */
  public Progress advance(Schema schema) {
    try {
      var found = describe(schema.table());
      return found.isEmpty() ? create(schema) : complete(schema, found.get());
    } catch (ApiException e) {
      throw permanentRejection(e).isEmpty()
          ? e
          : new SiloTableException(reason(schema, permanentRejection(e)), e);
    } catch (DynamoDbException e) {
      // The client passes on the invalid requests, which fail again.
      throw new SiloTableException(reason(schema, AwsErrorCodes.codeOf(e)), e);
    }
  }

  private Progress create(Schema schema) {
    // DynamoDB rejects the call if another instance has created the table meanwhile, or if this
    // call, which the SDK repeats after a lost response, has created it.
    ignoring(
        ResourceInUseException.class,
        () ->
            provisioner.createTable(
                schema.createRequest().toBuilder()
                    .sseSpecification(sse -> sse.enabled(true).sseType(SSEType.KMS))
                    .deletionProtectionEnabled(true)
                    .build()));
    return Progress.CREATING;
  }

  private Progress complete(Schema schema, TableDescription found) {
    schema
        .difference(found)
        .ifPresent(difference -> {
          throw new SiloTableException("The table " + schema.table() + " exists and " + difference);
        });
    if (found.tableStatus() != TableStatus.ACTIVE || !schema.isUsable(found)) {
      return Progress.ACTIVATING;
    }
    if (!expires(schema.table())) {
      activateExpiry(schema);
      return Progress.ACTIVATING;
    }
    return protect(found) ? Progress.COMPLETE : Progress.PROTECTING;
  }

  private void activateExpiry(Schema schema) {
    try {
      provisioner.updateTimeToLive(schema.timeToLiveRequest());
    } catch (DynamoDbException e) {
      // DynamoDB rejects the call if it is repeated after a lost response.
      if (!expires(schema.table())) {
        throw e;
      }
    }
  }

  /** Returns whether the table was protected already. */
  private boolean protect(TableDescription found) {
    if (!Boolean.TRUE.equals(found.deletionProtectionEnabled())) {
      provisioner.updateTable(
          update -> update.tableName(found.tableName()).deletionProtectionEnabled(true));
      return false;
    }
    if (!isRecoverable(found.tableName())) {
      // DynamoDB rejects the call for some seconds after the creation of a table.
      ignoring(
          ContinuousBackupsUnavailableException.class,
          () ->
              provisioner.updateContinuousBackups(update ->
                  update
                      .tableName(found.tableName())
                      .pointInTimeRecoverySpecification(
                          recovery -> recovery.pointInTimeRecoveryEnabled(true))));
      return false;
    }
    return true;
  }

  private Optional<TableDescription> describe(String table) {
    try {
      return Optional.of(provisioner.describeTable(request -> request.tableName(table)).table());
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }

  private boolean expires(String table) {
    var status =
        provisioner
            .describeTimeToLive(request -> request.tableName(table))
            .timeToLiveDescription()
            .timeToLiveStatus();
    return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
  }

  private boolean isRecoverable(String table) {
    var recovery =
        provisioner
            .describeContinuousBackups(request -> request.tableName(table))
            .continuousBackupsDescription()
            .pointInTimeRecoveryDescription();
    return recovery != null
        && recovery.pointInTimeRecoveryStatus() == PointInTimeRecoveryStatus.ENABLED;
  }

  private static void ignoring(Class<? extends DynamoDbException> expected, Supplier<?> call) {
    try {
      var _ = call.get();
    } catch (DynamoDbException e) {
      if (!expected.isInstance(e)) {
        throw e;
      }
    }
  }

  /** Returns the error code of DynamoDB or STS; empty if a repetition may succeed. */
  private static String permanentRejection(ApiException e) {
    if (AwsErrorCodes.isPermanentRejection(e.rejectionCode())) {
      return e.rejectionCode();
    }
    for (var cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof AwsServiceException rejection
          && AwsErrorCodes.isPermanentRejection(AwsErrorCodes.codeOf(rejection))) {
        return "STS rejected the provisioner role: " + AwsErrorCodes.codeOf(rejection);
      }
    }
    return "";
  }

  private static String reason(Schema schema, String rejection) {
    return "The table " + schema.table() + " cannot be created: " + rejection;
  }
}
