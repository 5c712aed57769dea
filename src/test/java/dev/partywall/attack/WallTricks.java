package dev.partywall.attack;

import static dev.partywall.attack.Words.key;
import static dev.partywall.attack.Words.text;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeAction;
import software.amazon.awssdk.services.dynamodb.model.AttributeValueUpdate;
import software.amazon.awssdk.services.dynamodb.model.ComparisonOperator;
import software.amazon.awssdk.services.dynamodb.model.Condition;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.Select;

/** Calls about single items and queries, each with a key that is not the bound tenant's. */
final class WallTricks {
  private WallTricks() {}

  /** Keys that lead to the neighbour, or would if somebody read them as a pattern. */
  private static final List<Function<Scene, String>> KEYS =
      List.of(
          Scene::theirKey,
          s -> s.them().name() + ".0",
          s -> s.them().name() + ".9",
          s -> s.them().name() + "*",
          s -> s.me().name() + "*",
          s -> s.me().name() + "?",
          s -> "*",
          s -> "${aws:userid}",
          s -> s.me().name() + ".99",
          s -> s.me().name() + "#" + s.theirKey());

  static final List<Prying> ITEMS =
      Stream.concat(
              KEYS.stream().flatMap(WallTricks::byKey),
              Stream.of(
                  // A resident of the pool in a silo, of a silo in the pool, of any in another's
                  // table.
                  new Prying(
                      "own key, another's table",
                      (db, s) ->
                          db.getItem(it ->
                              it.tableName(s.house().tableBeside(s))
                                  .key(key(s.myKey(), "order#" + s.theirOrder())))),
                  new Prying(
                      "own key, another's table: query",
                      (db, s) -> db.query(query(s.house().tableBeside(s), s.myKey()).build()))))
          .toList();

  static final List<Prying> QUERIES =
      List.of(
          queried("index by-i1", it -> it.indexName("by-i1")),
          queried("index by-i2", it -> it.indexName("by-i2")),
          queried("count", it -> it.select(Select.COUNT)),
          queried("one attribute", it -> it.projectionExpression("sk")),
          queried("keys alone, limit 1", it -> it.limit(1).projectionExpression("pk")),
          new Prying(
              "query: old words",
              (db, s) ->
                  db.query(it ->
                      it.tableName(s.them().home().table())
                          .keyConditions(
                              Map.of(
                                  "pk",
                                  Condition.builder()
                                      .comparisonOperator(ComparisonOperator.EQ)
                                      .attributeValueList(text(s.theirKey()))
                                      .build())))));

  private static Stream<Prying> byKey(Function<Scene, String> name) {
    return Stream.of(
        new Prying(
            "GetItem",
            (db, s) ->
                db.getItem(it ->
                    it.tableName(s.them().home().table())
                        .key(key(name.apply(s), "order#" + s.theirOrder())))),
        new Prying(
            "PutItem",
            (db, s) ->
                db.putItem(it ->
                    it.tableName(s.them().home().table()).item(Words.item(s, name.apply(s))))),
        new Prying(
            "DeleteItem",
            (db, s) ->
                db.deleteItem(it ->
                    it.tableName(s.them().home().table())
                        .key(key(name.apply(s), "order#" + s.theirOrder())))),
        new Prying(
            "UpdateItem",
            (db, s) ->
                db.updateItem(it ->
                    it.tableName(s.them().home().table())
                        .key(key(name.apply(s), "order#" + s.theirOrder()))
                        .attributeUpdates(
                            Map.of(
                                "doc",
                                AttributeValueUpdate.builder()
                                    .action(AttributeAction.PUT)
                                    .value(text("gone"))
                                    .build())))),
        new Prying(
            "Query", (db, s) -> db.query(query(s.them().home().table(), name.apply(s)).build())));
  }

  private static Prying queried(
      String kind, Function<QueryRequest.Builder, QueryRequest.Builder> more) {
    return new Prying(
        "query: " + kind,
        (db, s) -> db.query(more.apply(query(s.them().home().table(), s.theirKey())).build()));
  }

  static QueryRequest.Builder query(String table, String key) {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("pk = :pk")
        .expressionAttributeValues(Map.of(":pk", text(key)));
  }
}
