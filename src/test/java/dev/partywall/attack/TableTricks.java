package dev.partywall.attack;

import static dev.partywall.attack.Words.key;
import static dev.partywall.attack.Words.text;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** Calls about whole tables, and about tables that belong to the service. */
final class TableTricks {
  private TableTricks() {}

  static final List<Prying> ALL =
      List.of(
          scan("all", it -> it),
          scan("an index", it -> it.indexName("by-i1")),
          scan("a segment", it -> it.segment(0).totalSegments(2)),
          new Prying(
              "Scan: filtered by the own key",
              (db, s) ->
                  db.scan(it ->
                      it.tableName(s.them().home().table())
                          .filterExpression("pk = :pk")
                          .expressionAttributeValues(Map.of(":pk", text(s.myKey()))))),
          new Prying(
              "registry: GetItem",
              (db, s) ->
                  db.getItem(
                      it -> it.tableName(s.house().prefix() + "tenants").key(key(s.myKey(), "x")))),
          new Prying(
              "ledger: Query",
              (db, s) ->
                  db.query(WallTricks.query(s.house().prefix() + "usage", s.myKey()).build())),
          new Prying(
              "ledger: PutItem",
              (db, s) ->
                  db.putItem(
                      it -> it.tableName(s.house().prefix() + "usage").item(key("nobody", "x")))),
          new Prying(
              "DescribeTable",
              (db, s) -> db.describeTable(it -> it.tableName(s.them().home().table()))),
          new Prying(
              "DeleteTable",
              (db, s) -> db.deleteTable(it -> it.tableName(s.them().home().table()))),
          new Prying(
              "UpdateTable",
              (db, s) ->
                  db.updateTable(it ->
                      it.tableName(s.them().home().table()).deletionProtectionEnabled(false))),
          new Prying(
              "UpdateTimeToLive",
              (db, s) ->
                  db.updateTimeToLive(it ->
                      it.tableName(s.them().home().table())
                          .timeToLiveSpecification(ttl -> ttl.attributeName("v").enabled(true)))),
          new Prying(
              "CreateBackup",
              (db, s) ->
                  db.createBackup(it -> it.tableName(s.them().home().table()).backupName("loot"))),
          new Prying("ListTables", (db, _) -> db.listTables()));

  private static Prying scan(String kind, Function<ScanRequest.Builder, ScanRequest.Builder> more) {
    return new Prying(
        "Scan: " + kind,
        (db, s) ->
            db.scan(more.apply(ScanRequest.builder().tableName(s.them().home().table())).build()));
  }
}
