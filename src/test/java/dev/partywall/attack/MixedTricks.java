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

/** Calls about many items, in which one of the neighbour's stands among own ones; and PartiQL. */
final class MixedTricks {
  private MixedTricks() {}

  static final List<Prying> BATCHES =
      List.of(
          new Prying("BatchGetItem: one foreign key", MixedTricks::batchGet),
          new Prying("BatchWriteItem: one foreign item", MixedTricks::batchWrite),
          new Prying("TransactGetItems: one foreign key", MixedTricks::transactGet),
          new Prying("TransactWriteItems: one foreign put", (db, s) -> transact(db, s, put(s))),
          new Prying(
              "TransactWriteItems: one foreign delete", (db, s) -> transact(db, s, delete(s))),
          new Prying("TransactWriteItems: one foreign check", (db, s) -> transact(db, s, check(s))),
          new Prying(
              "TransactWriteItems: one foreign update", (db, s) -> transact(db, s, update(s))));

  static final List<Prying> PARTIQL =
      List.of(
          sql("SELECT * FROM \"%s\""),
          sql("SELECT * FROM \"%s\" WHERE pk = '%s'"),
          sql("SELECT * FROM \"%s\".\"by-i1\" WHERE pk = '%s'"),
          sql("SELECT * FROM \"%s\" WHERE pk IN ['%s', 'x']"),
          sql("SELECT * FROM \"%s\" WHERE begins_with(pk, 'a')"),
          sql("INSERT INTO \"%s\" VALUE {'pk': '%s', 'sk': 'order#x'}"),
          sql("UPDATE \"%s\" SET doc = 'gone' WHERE pk = '%s' AND sk = 'order#x'"),
          sql("DELETE FROM \"%s\" WHERE pk = '%s' AND sk = 'order#x'"),
          new Prying(
              "PartiQL: batch",
              (db, s) ->
                  db.batchExecuteStatement(it ->
                      it.statements(
                          BatchStatementRequest.builder()
                              .statement(
                                  said(
                                      "SELECT * FROM \"%s\" WHERE pk = '%s' AND sk = 'order#x'", s))
                              .build()))),
          new Prying(
              "PartiQL: transaction",
              (db, s) ->
                  db.executeTransaction(it ->
                      it.transactStatements(
                          ParameterizedStatement.builder()
                              .statement(
                                  said(
                                      "SELECT * FROM \"%s\" WHERE pk = '%s' AND sk = 'order#x'", s))
                              .build()))));

  private static Prying sql(String statement) {
    var verb = statement.substring(0, statement.indexOf(' '));
    return new Prying(
        "PartiQL: " + verb, (db, s) -> db.executeStatement(it -> it.statement(said(statement, s))));
  }

  private static String said(String statement, Scene s) {
    return statement.formatted(s.them().home().table(), s.theirKey());
  }

  private static Object batchGet(DynamoDbClient db, Scene s) {
    var own = KeysAndAttributes.builder().keys(List.of(key(s.myKey(), "order#x"))).build();
    var foreign = List.of(key(s.myKey(), "order#x"), key(s.theirKey(), "order#" + s.theirOrder()));
    return db.batchGetItem(it ->
        it.requestItems(
            s.me().home().table().equals(s.them().home().table())
                ? Map.of(s.me().home().table(), own.toBuilder().keys(foreign).build())
                : Map.of(
                    s.me().home().table(),
                    own,
                    s.them().home().table(),
                    own.toBuilder().keys(List.of(foreign.getLast())).build())));
  }

  private static Object batchWrite(DynamoDbClient db, Scene s) {
    var foreign =
        WriteRequest.builder().putRequest(it -> it.item(Words.item(s, s.theirKey()))).build();
    return db.batchWriteItem(
        it -> it.requestItems(Map.of(s.them().home().table(), List.of(foreign))));
  }

  private static Object transactGet(DynamoDbClient db, Scene s) {
    return db.transactGetItems(it ->
        it.transactItems(
            TransactGetItem.builder()
                .get(g -> g.tableName(s.me().home().table()).key(key(s.myKey(), "order#x")))
                .build(),
            TransactGetItem.builder()
                .get(g ->
                    g.tableName(s.them().home().table())
                        .key(key(s.theirKey(), "order#" + s.theirOrder())))
                .build()));
  }

  private static Object transact(DynamoDbClient db, Scene s, TransactWriteItem foreign) {
    var own =
        TransactWriteItem.builder()
            .put(it -> it.tableName(s.me().home().table()).item(Words.item(s, s.myKey())))
            .build();
    return db.transactWriteItems(it -> it.transactItems(own, foreign));
  }

  private static TransactWriteItem put(Scene s) {
    return TransactWriteItem.builder()
        .put(it -> it.tableName(s.them().home().table()).item(Words.item(s, s.theirKey())))
        .build();
  }

  private static TransactWriteItem delete(Scene s) {
    return TransactWriteItem.builder()
        .delete(it ->
            it.tableName(s.them().home().table()).key(key(s.theirKey(), "order#" + s.theirOrder())))
        .build();
  }

  private static TransactWriteItem check(Scene s) {
    return TransactWriteItem.builder()
        .conditionCheck(it ->
            it.tableName(s.them().home().table())
                .key(key(s.theirKey(), "order#" + s.theirOrder()))
                .conditionExpression("attribute_exists(pk)"))
        .build();
  }

  private static TransactWriteItem update(Scene s) {
    return TransactWriteItem.builder()
        .update(it ->
            it.tableName(s.them().home().table())
                .key(key(s.theirKey(), "order#" + s.theirOrder()))
                .updateExpression("REMOVE doc"))
        .build();
  }
}
