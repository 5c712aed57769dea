package dev.partywall.attack;

import static dev.partywall.attack.Words.key;
import static dev.partywall.attack.Words.text;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** Table operations, and access to the service's own tables. */
final class TableTricks {
  private TableTricks() {}

  static final List<Prying> ALL =
      List.of(
          scan("all", request -> request),
          scan("an index", request -> request.indexName("by-i1")),
          scan("a segment", request -> request.segment(0).totalSegments(2)),
          new Prying(
              "Scan: filtered by the attacker's key",
              (db, scene) ->
                  db.scan(request ->
                      request
                          .tableName(scene.them().home().table())
                          .filterExpression("pk = :pk")
                          .expressionAttributeValues(Map.of(":pk", text(scene.myKey()))))),
          new Prying(
              "registry: GetItem",
              (db, scene) ->
                  db.getItem(request ->
                      request
                          .tableName(scene.house().prefix() + "tenants")
                          .key(key(scene.myKey(), "x")))),
          new Prying(
              "ledger: Query",
              (db, scene) ->
                  db.query(
                      WallTricks.query(scene.house().prefix() + "usage", scene.myKey()).build())),
          new Prying(
              "ledger: PutItem",
              (db, scene) ->
                  db.putItem(request ->
                      request
                          .tableName(scene.house().prefix() + "usage")
                          .item(key("no-tenant", "x")))),
          new Prying(
              "DescribeTable",
              (db, scene) ->
                  db.describeTable(request -> request.tableName(scene.them().home().table()))),
          new Prying(
              "DeleteTable",
              (db, scene) ->
                  db.deleteTable(request -> request.tableName(scene.them().home().table()))),
          new Prying(
              "UpdateTable",
              (db, scene) ->
                  db.updateTable(request ->
                      request
                          .tableName(scene.them().home().table())
                          .deletionProtectionEnabled(false))),
          new Prying(
              "UpdateTimeToLive",
              (db, scene) ->
                  db.updateTimeToLive(request ->
                      request
                          .tableName(scene.them().home().table())
                          .timeToLiveSpecification(ttl -> ttl.attributeName("v").enabled(true)))),
          new Prying(
              "CreateBackup",
              (db, scene) ->
                  db.createBackup(request ->
                      request.tableName(scene.them().home().table()).backupName("attack"))),
          new Prying("ListTables", (db, _) -> db.listTables()));

  private static Prying scan(
      String kind, Function<ScanRequest.Builder, ScanRequest.Builder> customizer) {
    return new Prying(
        "Scan: " + kind,
        (db, scene) ->
            db.scan(
                customizer
                    .apply(ScanRequest.builder().tableName(scene.them().home().table()))
                    .build()));
  }
}
