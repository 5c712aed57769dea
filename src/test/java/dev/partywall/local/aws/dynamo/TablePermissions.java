package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Determines the permissions for calls on tables, not items. */
final class TablePermissions {
  private static final Set<String> ON_A_TABLE =
      Set.of(
          "CreateTable",
          "UpdateTable",
          "DeleteTable",
          "DescribeTable",
          "UpdateTimeToLive",
          "DescribeTimeToLive",
          "UpdateContinuousBackups",
          "DescribeContinuousBackups");
  private static final Set<String> ON_AN_ARN =
      Set.of("TagResource", "UntagResource", "ListTagsOfResource");
  private static final Set<String> ON_ALL = Set.of("ListTables", "DescribeLimits");

  /** The region and account in the engine's ARNs. */
  private static final String ENGINE_ARN = "arn:aws:dynamodb:ddblocal:000000000000:table/";

  private final EngineTables tables;

  TablePermissions(EngineTables tables) {
    this.tables = tables;
  }

  Optional<List<RequiredPermission>> of(String operation, ObjectNode body) {
    if (ON_A_TABLE.contains(operation)) {
      return Optional.of(table(operation, body));
    }
    if (ON_AN_ARN.contains(operation)) {
      return Optional.of(List.of(resource(operation, body)));
    }
    return ON_ALL.contains(operation)
        ? Optional.of(List.of(RequiredPermission.of(operation, tables.arn("*"))))
        : Optional.empty();
  }

  private List<RequiredPermission> table(String operation, ObjectNode body) {
    var name = tables.tableNameIn(body, "TableName");
    body.put("TableName", name);
    var accesses = new ArrayList<RequiredPermission>();
    accesses.add(RequiredPermission.of(operation, tables.arn(name)));
    if (operation.equals("CreateTable") && body.has("Tags")) {
      accesses.add(RequiredPermission.of("TagResource", tables.arn(name)));
    }
    return accesses;
  }

  private RequiredPermission resource(String operation, ObjectNode body) {
    var arn = body.path("ResourceArn").asText();
    if (!arn.startsWith(tables.arn(""))) {
      throw AwsFault.validation("Invalid TableArn");
    }
    var name = tables.tableNameIn(body, "ResourceArn");
    body.put("ResourceArn", ENGINE_ARN + name);
    return RequiredPermission.of(operation, tables.arn(name));
  }

  /** Discards the cached schema before and after calls that may change it. */
  void invalidateSchema(String operation, ObjectNode body) {
    if (Set.of("CreateTable", "UpdateTable", "DeleteTable").contains(operation)) {
      tables.invalidateSchema(body.path("TableName").asText());
    }
  }

  /**
   * Replaces the engine's ARNs in a response by ARNs of this account. Table operations never return
   * item data.
   */
  AwsResponse replaceArns(String operation, AwsResponse answer) {
    if (!ON_A_TABLE.contains(operation) || answer.status() != 200) {
      return answer;
    }
    var text = new String(answer.body(), StandardCharsets.UTF_8);
    var localized = text.replace(ENGINE_ARN, tables.arn(""));
    return AwsResponse.json(200, localized.getBytes(StandardCharsets.UTF_8));
  }
}
