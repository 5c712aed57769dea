package dev.partywall.attack;

import static dev.partywall.attack.DynamoValues.key;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ParameterizedStatement;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Batches and transactions with one foreign item among own items, and PartiQL statements. */
final class MixedAttacks {
  private MixedAttacks() {}

  static final List<CrossTenantCall> BATCHES =
      List.of(
          new CrossTenantCall("BatchGetItem: one foreign key", MixedAttacks::batchGet),
          new CrossTenantCall("BatchWriteItem: one foreign item", MixedAttacks::batchWrite),
          new CrossTenantCall("TransactGetItems: one foreign key", MixedAttacks::transactGet),
          new CrossTenantCall(
              "TransactWriteItems: one foreign put",
              (db, scene) -> transact(db, scene, put(scene))),
          new CrossTenantCall(
              "TransactWriteItems: one foreign delete",
              (db, scene) -> transact(db, scene, delete(scene))),
          new CrossTenantCall(
              "TransactWriteItems: one foreign check",
              (db, scene) -> transact(db, scene, check(scene))),
          new CrossTenantCall(
              "TransactWriteItems: one foreign update",
              (db, scene) -> transact(db, scene, update(scene))));

  static final List<CrossTenantCall> PARTIQL =
      List.of(
          partiQl("SELECT * FROM \"%s\""),
          partiQl("SELECT * FROM \"%s\" WHERE pk = '%s'"),
          partiQl("SELECT * FROM \"%s\".\"by-i1\" WHERE pk = '%s'"),
          partiQl("SELECT * FROM \"%s\" WHERE pk IN ['%s', 'x']"),
          partiQl("SELECT * FROM \"%s\" WHERE begins_with(pk, 'a')"),
          partiQl("INSERT INTO \"%s\" VALUE {'pk': '%s', 'sk': 'order#x'}"),
          partiQl("UPDATE \"%s\" SET doc = 'overwritten' WHERE pk = '%s' AND sk = 'order#x'"),
          partiQl("DELETE FROM \"%s\" WHERE pk = '%s' AND sk = 'order#x'"),
          new CrossTenantCall(
              "PartiQL: batch",
              (db, scene) ->
                  db.batchExecuteStatement(request ->
                      request.statements(
                          BatchStatementRequest.builder()
                              .statement(
                                  format(
                                      "SELECT * FROM \"%s\" WHERE pk = '%s' AND sk = 'order#x'",
                                      scene))
                              .build()))),
          new CrossTenantCall(
              "PartiQL: transaction",
              (db, scene) ->
                  db.executeTransaction(request ->
                      request.transactStatements(
                          ParameterizedStatement.builder()
                              .statement(
                                  format(
                                      "SELECT * FROM \"%s\" WHERE pk = '%s' AND sk = 'order#x'",
                                      scene))
                              .build()))));

  private static CrossTenantCall partiQl(String statement) {
    var verb = statement.substring(0, statement.indexOf(' '));
    return new CrossTenantCall(
        "PartiQL: " + verb,
        (db, scene) -> db.executeStatement(request -> request.statement(format(statement, scene))));
  }

  private static String format(String statement, AttackScene scene) {
    return statement.formatted(scene.target().location().table(), scene.targetKey());
  }

  private static Object batchGet(DynamoDbClient db, AttackScene scene) {
    var own =
        KeysAndAttributes.builder().keys(List.of(key(scene.attackerKey(), "order#x"))).build();
    var foreign =
        List.of(
            key(scene.attackerKey(), "order#x"),
            key(scene.targetKey(), "order#" + scene.targetOrder()));
    return db.batchGetItem(request ->
        request.requestItems(
            scene.attacker().location().table().equals(scene.target().location().table())
                ? Map.of(scene.attacker().location().table(), own.toBuilder().keys(foreign).build())
                : Map.of(
                    scene.attacker().location().table(),
                    own,
                    scene.target().location().table(),
                    own.toBuilder().keys(List.of(foreign.getLast())).build())));
  }

  private static Object batchWrite(DynamoDbClient db, AttackScene scene) {
    var foreign =
        WriteRequest.builder()
            .putRequest(request -> request.item(DynamoValues.orderItem(scene, scene.targetKey())))
            .build();
    return db.batchWriteItem(request ->
        request.requestItems(Map.of(scene.target().location().table(), List.of(foreign))));
  }

  private static Object transactGet(DynamoDbClient db, AttackScene scene) {
    return db.transactGetItems(request ->
        request.transactItems(
            TransactGetItem.builder()
                .get(operation ->
                    operation
                        .tableName(scene.attacker().location().table())
                        .key(key(scene.attackerKey(), "order#x")))
                .build(),
            TransactGetItem.builder()
                .get(operation ->
                    operation
                        .tableName(scene.target().location().table())
                        .key(key(scene.targetKey(), "order#" + scene.targetOrder())))
                .build()));
  }

  private static Object transact(DynamoDbClient db, AttackScene scene, TransactWriteItem foreign) {
    var own =
        TransactWriteItem.builder()
            .put(operation ->
                operation
                    .tableName(scene.attacker().location().table())
                    .item(DynamoValues.orderItem(scene, scene.attackerKey())))
            .build();
    return db.transactWriteItems(request -> request.transactItems(own, foreign));
  }

  private static TransactWriteItem put(AttackScene scene) {
    return TransactWriteItem.builder()
        .put(operation ->
            operation
                .tableName(scene.target().location().table())
                .item(DynamoValues.orderItem(scene, scene.targetKey())))
        .build();
  }

  private static TransactWriteItem delete(AttackScene scene) {
    return TransactWriteItem.builder()
        .delete(operation ->
            operation
                .tableName(scene.target().location().table())
                .key(key(scene.targetKey(), "order#" + scene.targetOrder())))
        .build();
  }

  private static TransactWriteItem check(AttackScene scene) {
    return TransactWriteItem.builder()
        .conditionCheck(operation ->
            operation
                .tableName(scene.target().location().table())
                .key(key(scene.targetKey(), "order#" + scene.targetOrder()))
                .conditionExpression("attribute_exists(pk)"))
        .build();
  }

  private static TransactWriteItem update(AttackScene scene) {
    return TransactWriteItem.builder()
        .update(operation ->
            operation
                .tableName(scene.target().location().table())
                .key(key(scene.targetKey(), "order#" + scene.targetOrder()))
                .updateExpression("REMOVE doc"))
        .build();
  }
}
