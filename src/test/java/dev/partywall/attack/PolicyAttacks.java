package dev.partywall.attack;

import static dev.partywall.attack.DynamoValues.key;
import static dev.partywall.attack.DynamoValues.text;

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
final class PolicyAttacks {
  private PolicyAttacks() {}

  /** Keys of the target, and keys that would match the target's if interpreted as patterns. */
  private static final List<Function<AttackScene, String>> FOREIGN_KEYS =
      List.of(
          AttackScene::targetKey,
          scene -> scene.target().name() + ".0",
          scene -> scene.target().name() + ".9",
          scene -> scene.target().name() + "*",
          scene -> scene.attacker().name() + "*",
          scene -> scene.attacker().name() + "?",
          scene -> "*",
          scene -> "${aws:userid}",
          scene -> scene.attacker().name() + "#" + scene.targetKey());

  static final List<CrossTenantCall> FOREIGN_ITEMS =
      FOREIGN_KEYS.stream().flatMap(PolicyAttacks::byKey).toList();

  /**
   * Items of the attacker outside its placement: a shard that it does not have, and its key in a
   * foreign table. The latter is the pool for a silo tenant.
   */
  private static final List<CrossTenantCall> MISPLACED_ITEMS =
      Stream.concat(
              byKey(scene -> scene.attacker().name() + ".99"),
              Stream.of(
                  new CrossTenantCall(
                      "own key, foreign table",
                      (db, scene) ->
                          db.getItem(request ->
                              request
                                  .tableName(scene.fixture().foreignTable(scene))
                                  .key(key(scene.attackerKey(), "order#" + scene.targetOrder())))),
                  new CrossTenantCall(
                      "own key, foreign table: query",
                      (db, scene) ->
                          db.query(
                              query(scene.fixture().foreignTable(scene), scene.attackerKey())
                                  .build()))))
          .toList();

  static final List<CrossTenantCall> ITEMS =
      Stream.of(FOREIGN_ITEMS, MISPLACED_ITEMS).flatMap(List::stream).toList();

  static final List<CrossTenantCall> QUERIES =
      List.of(
          queryWith("index by-i1", request -> request.indexName("by-i1")),
          queryWith("index by-i2", request -> request.indexName("by-i2")),
          queryWith("count", request -> request.select(Select.COUNT)),
          queryWith("one attribute", request -> request.projectionExpression("sk")),
          queryWith("keys only, limit 1", request -> request.limit(1).projectionExpression("pk")),
          new CrossTenantCall(
              "query: legacy parameters",
              (db, scene) ->
                  db.query(request ->
                      request
                          .tableName(scene.target().location().table())
                          .keyConditions(
                              Map.of(
                                  "pk",
                                  Condition.builder()
                                      .comparisonOperator(ComparisonOperator.EQ)
                                      .attributeValueList(text(scene.targetKey()))
                                      .build())))));

  private static Stream<CrossTenantCall> byKey(Function<AttackScene, String> partitionKey) {
    return Stream.of(
        new CrossTenantCall(
            "GetItem",
            (db, scene) ->
                db.getItem(request ->
                    request
                        .tableName(scene.target().location().table())
                        .key(key(partitionKey.apply(scene), "order#" + scene.targetOrder())))),
        new CrossTenantCall(
            "PutItem",
            (db, scene) ->
                db.putItem(request ->
                    request
                        .tableName(scene.target().location().table())
                        .item(DynamoValues.orderItem(scene, partitionKey.apply(scene))))),
        new CrossTenantCall(
            "DeleteItem",
            (db, scene) ->
                db.deleteItem(request ->
                    request
                        .tableName(scene.target().location().table())
                        .key(key(partitionKey.apply(scene), "order#" + scene.targetOrder())))),
        new CrossTenantCall(
            "UpdateItem",
            (db, scene) ->
                db.updateItem(request ->
                    request
                        .tableName(scene.target().location().table())
                        .key(key(partitionKey.apply(scene), "order#" + scene.targetOrder()))
                        .attributeUpdates(
                            Map.of(
                                "doc",
                                AttributeValueUpdate.builder()
                                    .action(AttributeAction.PUT)
                                    .value(text("overwritten"))
                                    .build())))),
        new CrossTenantCall(
            "Query",
            (db, scene) ->
                db.query(
                    query(scene.target().location().table(), partitionKey.apply(scene)).build())));
  }

  private static CrossTenantCall queryWith(
      String kind, Function<QueryRequest.Builder, QueryRequest.Builder> customizer) {
    return new CrossTenantCall(
        "query: " + kind,
        (db, scene) ->
            db.query(
                customizer
                    .apply(query(scene.target().location().table(), scene.targetKey()))
                    .build()));
  }

  static QueryRequest.Builder query(String table, String key) {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("pk = :pk")
        .expressionAttributeValues(Map.of(":pk", text(key)));
  }
}
