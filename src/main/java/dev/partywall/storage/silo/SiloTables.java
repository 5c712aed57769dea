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
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
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
   * @param deadline the value of {@link System#nanoTime} after which no table may be requested
   * @throws SiloTableException if DynamoDB or STS is unavailable, or rejects the call
   */
  public Progress advance(Schema schema, long deadline) {
    try {
      var found = describe(schema.table());
      return found.isEmpty() ? create(schema, deadline) : complete(schema, found.get());
    } catch (ApiException e) {
      throw failure(schema, e);
    } catch (DynamoDbException e) {
      // The client passes on the invalid requests, which fail again.
      throw new SiloTableException(reason(schema, AwsErrorCodes.codeOf(e)), e);
    }
  }

  private static SiloTableException failure(Schema schema, ApiException e) {
    var rejection = permanentRejection(e);
    return rejection.isEmpty()
        ? SiloTableException.temporary(
            "The table " + schema.table() + " is not complete yet: " + answer(e), e)
        : new SiloTableException(reason(schema, rejection), e);
  }

  /** Returns the error code of DynamoDB or STS, or the reason why there is none. */
  private static String answer(ApiException e) {
    if (!e.rejectionCode().isEmpty()) {
      return e.rejectionCode();
    }
    for (var cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof AwsServiceException failure) {
        return AwsErrorCodes.describe(failure);
      }
    }
    return "no response";
  }

  private Progress create(Schema schema, long deadline) {
    var request =
        schema.createRequest().toBuilder()
            .sseSpecification(sse -> sse.enabled(true).sseType(SSEType.KMS))
            .deletionProtectionEnabled(true)
            .build();
    // DynamoDB rejects the call if another instance has created the table meanwhile, or if this
    // call, which the SDK repeats after a lost response, has created it.
    ignoring(
        ResourceInUseException.class,
        () -> provisioner.createTable(CreationDeadline.with(request, deadline)));
    return Progress.CREATING;
  }

  private Progress complete(Schema schema, TableDescription found) {
    reject(schema, schema.difference(found));
    if (found.tableStatus() != TableStatus.ACTIVE || !schema.isUsable(found)) {
      return Progress.ACTIVATING;
    }
    reject(schema, encryptionDifference(found));
    var expiry = expiry(schema.table());
    reject(schema, expiryDifference(schema, expiry));
    if (!expires(expiry)) {
      activateExpiry(schema, expiry);
      return Progress.ACTIVATING;
    }
    return protect(found) ? Progress.COMPLETE : Progress.PROTECTING;
  }

  private static void reject(Schema schema, Optional<String> difference) {
    difference.ifPresent(text -> {
      throw new SiloTableException("The table " + schema.table() + " exists and " + text);
    });
  }

  /** A table has no description of its encryption if it has the default encryption. */
  private static Optional<String> encryptionDifference(TableDescription found) {
    var encryption = found.sseDescription();
    return encryption != null && encryption.sseType() == SSEType.KMS
        ? Optional.empty()
        : Optional.of("is not encrypted by KMS");
  }

  /** The attribute of an active expiry can only be changed after its deactivation. */
  private static Optional<String> expiryDifference(Schema schema, TimeToLiveDescription expiry) {
    var wanted = schema.timeToLiveRequest().timeToLiveSpecification().attributeName();
    return !expires(expiry) || wanted.equals(expiry.attributeName())
        ? Optional.empty()
        : Optional.of("expires its items by the attribute " + expiry.attributeName());
  }

  private void activateExpiry(Schema schema, TimeToLiveDescription expiry) {
    if (expiry.timeToLiveStatus() == TimeToLiveStatus.DISABLING) {
      return; // DynamoDB rejects the activation until then
    }
    try {
      provisioner.updateTimeToLive(schema.timeToLiveRequest());
    } catch (DynamoDbException e) {
      // DynamoDB rejects the call if it is repeated after a lost response.
      if (!expires(expiry(schema.table()))) {
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

  private TimeToLiveDescription expiry(String table) {
    return provisioner
        .describeTimeToLive(request -> request.tableName(table))
        .timeToLiveDescription();
  }

  private static boolean expires(TimeToLiveDescription expiry) {
    var status = expiry.timeToLiveStatus();
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
