package dev.partywall.attack;

import static dev.partywall.attack.Words.key;

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
final class MixedTricks {
  private MixedTricks() {}

  static final List<Prying> BATCHES =
      List.of(
          new Prying("BatchGetItem: one foreign key", MixedTricks::batchGet),
          new Prying("BatchWriteItem: one foreign item", MixedTricks::batchWrite),
          new Prying("TransactGetItems: one foreign key", MixedTricks::transactGet),
          new Prying(
              "TransactWriteItems: one foreign put",
              (db, scene) -> transact(db, scene, put(scene))),
          new Prying(
              "TransactWriteItems: one foreign delete",
              (db, scene) -> transact(db, scene, delete(scene))),
          new Prying(
              "TransactWriteItems: one foreign check",
              (db, scene) -> transact(db, scene, check(scene))),
          new Prying(
              "TransactWriteItems: one foreign update",
              (db, scene) -> transact(db, scene, update(scene))));

  static final List<Prying> PARTIQL =
      List.of(
          partiQl("SELECT * FROM \"%s\""),
          partiQl("SELECT * FROM \"%s\" WHERE pk = '%s'"),
          partiQl("SELECT * FROM \"%s\".\"by-i1\" WHERE pk = '%s'"),
          partiQl("SELECT * FROM \"%s\" WHERE pk IN ['%s', 'x']"),
          partiQl("SELECT * FROM \"%s\" WHERE begins_with(pk, 'a')"),
          partiQl("INSERT INTO \"%s\" VALUE {'pk': '%s', 'sk': 'order#x'}"),
          partiQl("UPDATE \"%s\" SET doc = 'overwritten' WHERE pk = '%s' AND sk = 'order#x'"),
          partiQl("DELETE FROM \"%s\" WHERE pk = '%s' AND sk = 'order#x'"),
          new Prying(
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
          new Prying(
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

  private static Prying partiQl(String statement) {
    var verb = statement.substring(0, statement.indexOf(' '));
    return new Prying(
        "PartiQL: " + verb,
        (db, scene) -> db.executeStatement(request -> request.statement(format(statement, scene))));
  }

  private static String format(String statement, Scene scene) {
    return statement.formatted(scene.them().home().table(), scene.theirKey());
  }

  private static Object batchGet(DynamoDbClient db, Scene scene) {
    var own = KeysAndAttributes.builder().keys(List.of(key(scene.myKey(), "order#x"))).build();
    var foreign =
        List.of(
            key(scene.myKey(), "order#x"), key(scene.theirKey(), "order#" + scene.theirOrder()));
    return db.batchGetItem(request ->
        request.requestItems(
            scene.me().home().table().equals(scene.them().home().table())
                ? Map.of(scene.me().home().table(), own.toBuilder().keys(foreign).build())
                : Map.of(
                    scene.me().home().table(),
                    own,
                    scene.them().home().table(),
                    own.toBuilder().keys(List.of(foreign.getLast())).build())));
  }

  private static Object batchWrite(DynamoDbClient db, Scene scene) {
    var foreign =
        WriteRequest.builder()
            .putRequest(request -> request.item(Words.item(scene, scene.theirKey())))
            .build();
    return db.batchWriteItem(
        request -> request.requestItems(Map.of(scene.them().home().table(), List.of(foreign))));
  }

  private static Object transactGet(DynamoDbClient db, Scene scene) {
    return db.transactGetItems(request ->
        request.transactItems(
            TransactGetItem.builder()
                .get(operation ->
                    operation
                        .tableName(scene.me().home().table())
                        .key(key(scene.myKey(), "order#x")))
                .build(),
            TransactGetItem.builder()
                .get(operation ->
                    operation
                        .tableName(scene.them().home().table())
                        .key(key(scene.theirKey(), "order#" + scene.theirOrder())))
                .build()));
  }

  private static Object transact(DynamoDbClient db, Scene scene, TransactWriteItem foreign) {
    var own =
        TransactWriteItem.builder()
            .put(operation ->
                operation
                    .tableName(scene.me().home().table())
                    .item(Words.item(scene, scene.myKey())))
            .build();
    return db.transactWriteItems(request -> request.transactItems(own, foreign));
  }

  private static TransactWriteItem put(Scene scene) {
    return TransactWriteItem.builder()
        .put(operation ->
            operation
                .tableName(scene.them().home().table())
                .item(Words.item(scene, scene.theirKey())))
        .build();
  }

  private static TransactWriteItem delete(Scene scene) {
    return TransactWriteItem.builder()
        .delete(operation ->
            operation
                .tableName(scene.them().home().table())
                .key(key(scene.theirKey(), "order#" + scene.theirOrder())))
        .build();
  }

  private static TransactWriteItem check(Scene scene) {
    return TransactWriteItem.builder()
        .conditionCheck(operation ->
            operation
                .tableName(scene.them().home().table())
                .key(key(scene.theirKey(), "order#" + scene.theirOrder()))
                .conditionExpression("attribute_exists(pk)"))
        .build();
  }

  private static TransactWriteItem update(Scene scene) {
    return TransactWriteItem.builder()
        .update(operation ->
            operation
                .tableName(scene.them().home().table())
                .key(key(scene.theirKey(), "order#" + scene.theirOrder()))
                .updateExpression("REMOVE doc"))
        .build();
  }
}
