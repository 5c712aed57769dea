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

/** Single-item calls and queries, each with a key outside the bound tenant's partitions. */
final class WallTricks {
  private WallTricks() {}

  /** Keys of the target, and keys that would match the target's if interpreted as patterns. */
  private static final List<Function<Scene, String>> FOREIGN_KEYS =
      List.of(
          Scene::theirKey,
          scene -> scene.them().name() + ".0",
          scene -> scene.them().name() + ".9",
          scene -> scene.them().name() + "*",
          scene -> scene.me().name() + "*",
          scene -> scene.me().name() + "?",
          scene -> "*",
          scene -> "${aws:userid}",
          scene -> scene.me().name() + ".99",
          scene -> scene.me().name() + "#" + scene.theirKey());

  static final List<Prying> ITEMS =
      Stream.concat(
              FOREIGN_KEYS.stream().flatMap(WallTricks::byKey),
              Stream.of(
                  // A pool tenant in a silo table, a silo tenant in the pool table, any tenant in a
                  // foreign table.
                  new Prying(
                      "own key, foreign table",
                      (db, scene) ->
                          db.getItem(request ->
                              request
                                  .tableName(scene.house().tableBeside(scene))
                                  .key(key(scene.myKey(), "order#" + scene.theirOrder())))),
                  new Prying(
                      "own key, foreign table: query",
                      (db, scene) ->
                          db.query(
                              query(scene.house().tableBeside(scene), scene.myKey()).build()))))
          .toList();

  static final List<Prying> QUERIES =
      List.of(
          queryWith("index by-i1", request -> request.indexName("by-i1")),
          queryWith("index by-i2", request -> request.indexName("by-i2")),
          queryWith("count", request -> request.select(Select.COUNT)),
          queryWith("one attribute", request -> request.projectionExpression("sk")),
          queryWith("keys only, limit 1", request -> request.limit(1).projectionExpression("pk")),
          new Prying(
              "query: legacy parameters",
              (db, scene) ->
                  db.query(request ->
                      request
                          .tableName(scene.them().home().table())
                          .keyConditions(
                              Map.of(
                                  "pk",
                                  Condition.builder()
                                      .comparisonOperator(ComparisonOperator.EQ)
                                      .attributeValueList(text(scene.theirKey()))
                                      .build())))));

  private static Stream<Prying> byKey(Function<Scene, String> partitionKey) {
    return Stream.of(
        new Prying(
            "GetItem",
            (db, scene) ->
                db.getItem(request ->
                    request
                        .tableName(scene.them().home().table())
                        .key(key(partitionKey.apply(scene), "order#" + scene.theirOrder())))),
        new Prying(
            "PutItem",
            (db, scene) ->
                db.putItem(request ->
                    request
                        .tableName(scene.them().home().table())
                        .item(Words.item(scene, partitionKey.apply(scene))))),
        new Prying(
            "DeleteItem",
            (db, scene) ->
                db.deleteItem(request ->
                    request
                        .tableName(scene.them().home().table())
                        .key(key(partitionKey.apply(scene), "order#" + scene.theirOrder())))),
        new Prying(
            "UpdateItem",
            (db, scene) ->
                db.updateItem(request ->
                    request
                        .tableName(scene.them().home().table())
                        .key(key(partitionKey.apply(scene), "order#" + scene.theirOrder()))
                        .attributeUpdates(
                            Map.of(
                                "doc",
                                AttributeValueUpdate.builder()
                                    .action(AttributeAction.PUT)
                                    .value(text("overwritten"))
                                    .build())))),
        new Prying(
            "Query",
            (db, scene) ->
                db.query(query(scene.them().home().table(), partitionKey.apply(scene)).build())));
  }

  private static Prying queryWith(
      String kind, Function<QueryRequest.Builder, QueryRequest.Builder> customizer) {
    return new Prying(
        "query: " + kind,
        (db, scene) ->
            db.query(
                customizer.apply(query(scene.them().home().table(), scene.theirKey())).build()));
  }

  static QueryRequest.Builder query(String table, String key) {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("pk = :pk")
        .expressionAttributeValues(Map.of(":pk", text(key)));
  }
}
