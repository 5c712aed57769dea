package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsErrorCode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.StrictJson;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records the settings of tables that DynamoDB Local rejects or ignores: continuous backups and the
 * encryption of a created table. Responses contain the recorded settings. A deleted table loses
 * them.
 */
final class RecordedSettings {
  private static final String TABLE = "TableName";
  private static final String RECOVERY = "PointInTimeRecoverySpecification";
  private static final int DEFAULT_RECOVERY_DAYS = 35;

  /** The member with the description of a table, by operation. */
  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "CreateTable", "TableDescription",
          "UpdateTable", "TableDescription",
          "DescribeTable", "Table");

  private static final Set<String> BACKUPS =
      Set.of("UpdateContinuousBackups", "DescribeContinuousBackups");

  private final EngineTables tables;
  private final Map<String, JsonNode> encryption = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> recovery = new ConcurrentHashMap<>();

  RecordedSettings(EngineTables tables) {
    this.tables = tables;
  }

  /** Returns the response of a call that the engine does not support; empty for all others. */
  Optional<AwsResponse> response(String operation, ObjectNode body) {
    if (!BACKUPS.contains(operation)) {
      return Optional.empty();
    }
    var table = body.path(TABLE).asText();
    if (tables.table(table).schema().isEmpty()) {
      throw new AwsFault(AwsErrorCode.TABLE_NOT_FOUND, "Table not found: " + table);
    }
    if (operation.startsWith("Update")) {
      recovery.put(table, recoveryDescription(body.path(RECOVERY)));
    }
    return Optional.of(backups(table));
  }

  private AwsResponse backups(String table) {
    var description = StrictJson.newObject().put("ContinuousBackupsStatus", "ENABLED");
    description.set(
        "PointInTimeRecoveryDescription",
        recovery.getOrDefault(
            table, StrictJson.newObject().put("PointInTimeRecoveryStatus", "DISABLED")));
    return AwsResponse.json(
        200,
        StrictJson.bytes(StrictJson.newObject().set("ContinuousBackupsDescription", description)));
  }

  private static ObjectNode recoveryDescription(JsonNode specification) {
    var enabled = specification.path("PointInTimeRecoveryEnabled");
    if (!enabled.isBoolean()) {
      throw AwsFault.validation("PointInTimeRecoveryEnabled must not be null");
    }
    var description =
        StrictJson.newObject()
            .put("PointInTimeRecoveryStatus", enabled.asBoolean() ? "ENABLED" : "DISABLED");
    return enabled.asBoolean()
        ? description.put(
            "RecoveryPeriodInDays",
            specification.path("RecoveryPeriodInDays").asInt(DEFAULT_RECOVERY_DAYS))
        : description;
  }

  /** Records the settings of an executed call, and adds recorded settings to its response. */
  AwsResponse complete(String operation, ObjectNode body, AwsResponse response) {
    if (response.status() != 200) {
      return response;
    }
    var table = body.path(TABLE).asText();
    if (operation.equals("DeleteTable")) {
      encryption.remove(table);
      recovery.remove(table);
    }
    if (operation.equals("CreateTable") && body.at("/SSESpecification/Enabled").asBoolean()) {
      encryption.put(table, encryptionDescription(body.path("SSESpecification")));
    }
    return DESCRIPTIONS.containsKey(operation) && encryption.containsKey(table)
        ? withEncryption(response, DESCRIPTIONS.get(operation), encryption.get(table))
        : response;
  }

  private static ObjectNode encryptionDescription(JsonNode specification) {
    var description =
        StrictJson.newObject()
            .put("Status", "ENABLED")
            .put("SSEType", specification.path("SSEType").asText("KMS"));
    if (specification.has("KMSMasterKeyId")) {
      description.set("KMSMasterKeyArn", specification.path("KMSMasterKeyId"));
    }
    return description;
  }

  private static AwsResponse withEncryption(
      AwsResponse response, String member, JsonNode encryption) {
    var json = EngineClient.json(response);
    if (json.path(member) instanceof ObjectNode description) {
      description.set("SSEDescription", encryption);
    }
    return AwsResponse.json(200, StrictJson.bytes(json));
  }
}
