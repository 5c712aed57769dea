package dev.partywall.attack;

import static dev.partywall.attack.DynamoValues.key;
import static dev.partywall.attack.DynamoValues.text;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** Table operations, and access to the service's own tables. */
final class TableAttacks {
  private TableAttacks() {}

  static final List<CrossTenantCall> ALL =
      List.of(
          scan("all", request -> request),
          scan("an index", request -> request.indexName("by-i1")),
          scan("a segment", request -> request.segment(0).totalSegments(2)),
          new CrossTenantCall(
              "Scan: filtered by the attacker's key",
              (db, scene) ->
                  db.scan(request ->
                      request
                          .tableName(scene.target().location().table())
                          .filterExpression("pk = :pk")
                          .expressionAttributeValues(Map.of(":pk", text(scene.attackerKey()))))),
          new CrossTenantCall(
              "registry: GetItem",
              (db, scene) ->
                  db.getItem(request ->
                      request
                          .tableName(scene.fixture().prefix() + "tenants")
                          .key(key(scene.attackerKey(), "x")))),
          new CrossTenantCall(
              "ledger: Query",
              (db, scene) ->
                  db.query(
                      PolicyAttacks.query(scene.fixture().prefix() + "usage", scene.attackerKey())
                          .build())),
          new CrossTenantCall(
              "ledger: PutItem",
              (db, scene) ->
                  db.putItem(request ->
                      request
                          .tableName(scene.fixture().prefix() + "usage")
                          .item(key("no-tenant", "x")))),
          new CrossTenantCall(
              "DescribeTable",
              (db, scene) ->
                  db.describeTable(
                      request -> request.tableName(scene.target().location().table()))),
          new CrossTenantCall(
              "DeleteTable",
              (db, scene) ->
                  db.deleteTable(request -> request.tableName(scene.target().location().table()))),
          new CrossTenantCall(
              "UpdateTable",
              (db, scene) ->
                  db.updateTable(request ->
                      request
                          .tableName(scene.target().location().table())
                          .deletionProtectionEnabled(false))),
          new CrossTenantCall(
              "UpdateTimeToLive",
              (db, scene) ->
                  db.updateTimeToLive(request ->
                      request
                          .tableName(scene.target().location().table())
                          .timeToLiveSpecification(ttl -> ttl.attributeName("v").enabled(true)))),
          new CrossTenantCall(
              "CreateBackup",
              (db, scene) ->
                  db.createBackup(request ->
                      request.tableName(scene.target().location().table()).backupName("attack"))),
          new CrossTenantCall("ListTables", (db, _) -> db.listTables()));

  private static CrossTenantCall scan(
      String kind, Function<ScanRequest.Builder, ScanRequest.Builder> customizer) {
    return new CrossTenantCall(
        "Scan: " + kind,
        (db, scene) ->
            db.scan(
                customizer
                    .apply(ScanRequest.builder().tableName(scene.target().location().table()))
                    .build()));
  }
}
