package dev.partywall.local.aws;

import static dev.partywall.local.aws.LocalAwsFixture.key;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Get;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ParameterizedStatement;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Every DynamoDB operation that accesses items, as an SDK sends it. */
final class ItemCallCatalog {
  private final String table;
  private int puts;

  ItemCallCatalog(String table) {
    this.table = table;
  }

  /**
   * Returns each operation, on items of {@code other}. Operations on several items access one item
   * of {@code own} first.
   */
  Stream<Named<Consumer<DynamoDbClient>>> itemCalls(String own, String other) {
    return Stream.of(
        Named.of("get", client -> client.getItem(g -> g.tableName(table).key(key(other, "a")))),
        Named.of("put", client -> client.putItem(p -> p.tableName(table).item(key(other, "n")))),
        Named.of(
            "update", client -> client.updateItem(u -> u.tableName(table).key(key(other, "u")))),
        Named.of(
            "delete", client -> client.deleteItem(d -> d.tableName(table).key(key(other, "d")))),
        Named.of("query", client -> client.query(query("pk = :p", other))),
        Named.of("query, operands swapped", client -> client.query(query(":p = pk", other))),
        Named.of(
            "query, in parentheses",
            client -> client.query(query("((pk) = (:p)) AND (sk > :s)", other))),
        Named.of(
            "query, sort key first",
            client -> client.query(query("sk between :s and :s AND #p=:p", other))),
        Named.of(
            "query, begins_with",
            client -> client.query(query("begins_with ( sk , :s ) AND #p = :p", other))),
        Named.of(
            "batch get",
            client -> client.batchGetItem(b -> b.requestItems(Map.of(table, keys(own, other))))),
        Named.of(
            "batch write",
            client ->
                client.batchWriteItem(b -> b.requestItems(Map.of(table, writes(own, other))))),
        Named.of(
            "transaction of gets",
            client ->
                client.transactGetItems(t -> t.transactItems(get(own, "a"), get(other, "b")))),
        Named.of(
            "transaction of puts",
            client -> client.transactWriteItems(t -> t.transactItems(put(own), put(other)))),
        Named.of(
            "transaction with a check",
            client -> client.transactWriteItems(t -> t.transactItems(put(own), check(other)))),
        Named.of(
            "transaction with a delete",
            client -> client.transactWriteItems(t -> t.transactItems(put(own), delete(other)))),
        Named.of("select", statement("SELECT * FROM \"%s\" WHERE pk = '" + other + "'")),
        Named.of(
            "select, quoted",
            statement("select sk from \"%s\" where sk > 'a' and \"pk\"=?", other)),
        Named.of(
            "insert statement",
            statement(
                "INSERT INTO \"%s\" VALUE {'pk': ?, 'sk': '" + System.nanoTime() + "'}", other)),
        Named.of(
            "update statement",
            statement("UPDATE \"%s\" SET a='1' WHERE pk='" + other + "' AND sk=?", "a")),
        Named.of("delete statement", statement("DELETE FROM \"%s\" WHERE sk='x' AND pk=?", other)),
        Named.of(
            "batch of statements",
            c ->
                c.batchExecuteStatement(
                    b -> b.statements(List.of(batch(own, "a"), batch(other, "b"))))),
        Named.of(
            "transaction of statements",
            c ->
                c.executeTransaction(
                    b -> b.transactStatements(List.of(enclosed(own, "a"), enclosed(other, "b"))))));
  }

  /** Returns operations without a leading key, or with one that is not acme's. */
  Stream<Named<Consumer<DynamoDbClient>>> callsWithoutLeadingKey() {
    return Stream.of(
        Named.of("scan", client -> client.scan(s -> s.tableName(table))),
        Named.of(
            "scan of an index",
            client -> client.scan(s -> s.tableName(table).indexName("by-owner"))),
        Named.of("scan for own items", client -> client.scan(ownOf("pk = :p"))),
        Named.of(
            "query of an index by another key", client -> client.query(queryByOwner("o-acme"))),
        Named.of("select of all", statement("SELECT * FROM \"%s\"")),
        Named.of(
            "select of either", statement("SELECT * FROM \"%s\" WHERE pk='acme' OR pk='globex'")),
        Named.of(
            "select of several", statement("SELECT * FROM \"%s\" WHERE pk IN ['acme','globex']")),
        Named.of("select of other items", statement("SELECT * FROM \"%s\" WHERE NOT pk='acme'")),
        Named.of(
            "select between", statement("SELECT * FROM \"%s\" WHERE sk BETWEEN 'a' AND pk='acme'")),
        Named.of(
            "select by another key",
            statement("SELECT * FROM \"%s\".\"by-owner\" WHERE pk='acme'")),
        Named.of("describe", client -> client.describeTable(d -> d.tableName(table))),
        Named.of("drop", client -> client.deleteTable(d -> d.tableName(table))),
        Named.of("list", client -> client.listTables()),
        Named.of("time to live", client -> client.describeTimeToLive(d -> d.tableName(table))),
        Named.of(
            "back up", client -> client.createBackup(d -> d.tableName(table).backupName("b1"))),
        Named.of(
            "another table",
            client -> client.getItem(g -> g.tableName("no-such").key(key("acme", "a")))));
  }

  QueryRequest query(String condition, String partition) {
    var values = new HashMap<>(Map.of(":p", AttributeValue.fromS(partition)));
    if (condition.contains(":s")) {
      values.put(":s", AttributeValue.fromS("a"));
    }
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression(condition)
        .expressionAttributeNames(condition.contains("#p") ? Map.of("#p", "pk") : null)
        .expressionAttributeValues(values)
        .build();
  }

  QueryRequest queryByOwner(String owner) {
    return QueryRequest.builder()
        .tableName(table)
        .indexName("by-owner")
        .keyConditionExpression("#o = :o")
        .expressionAttributeNames(Map.of("#o", "owner"))
        .expressionAttributeValues(Map.of(":o", AttributeValue.fromS(owner)))
        .build();
  }

  private Consumer<ScanRequest.Builder> ownOf(String filter) {
    return s ->
        s.tableName(table)
            .filterExpression(filter)
            .expressionAttributeValues(Map.of(":p", AttributeValue.fromS("acme")));
  }

  static void projectAttributes(GetItemRequest.Builder get, String attributes) {
    get.key(key("acme", "a"))
        .projectionExpression(attributes)
        .expressionAttributeNames(Map.of("#o", "owner"));
  }

  Consumer<DynamoDbClient> statement(String text, String... parameters) {
    var values = Stream.of(parameters).map(AttributeValue::fromS).toList();
    return c ->
        c.executeStatement(
            s -> s.statement(text.formatted(table)).parameters(values.isEmpty() ? null : values));
  }

  private String select(String partition, String sort) {
    return "SELECT sk FROM \"%s\" WHERE pk = '%s' AND sk = '%s'".formatted(table, partition, sort);
  }

  private BatchStatementRequest batch(String partition, String sort) {
    return BatchStatementRequest.builder().statement(select(partition, sort)).build();
  }

  private ParameterizedStatement enclosed(String partition, String sort) {
    return ParameterizedStatement.builder().statement(select(partition, sort)).build();
  }

  static KeysAndAttributes keys(String one, String other) {
    return KeysAndAttributes.builder().keys(List.of(key(one, "a"), key(other, "b"))).build();
  }

  private static List<WriteRequest> writes(String one, String other) {
    return List.of(
        WriteRequest.builder().putRequest(p -> p.item(key(one, "w"))).build(),
        WriteRequest.builder().deleteRequest(d -> d.key(key(other, "d"))).build());
  }

  TransactGetItem get(String partition, String sort) {
    var get = Get.builder().tableName(table).key(key(partition, sort)).build();
    return TransactGetItem.builder().get(get).build();
  }

  private TransactWriteItem put(String partition) {
    var item = key(partition, "t-" + partition + puts++);
    var put = Put.builder().tableName(table).item(item).build();
    return TransactWriteItem.builder().put(put).build();
  }

  private TransactWriteItem delete(String partition) {
    var delete = Delete.builder().tableName(table).key(key(partition, "d")).build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  private TransactWriteItem check(String partition) {
    var check =
        ConditionCheck.builder()
            .tableName(table)
            .key(key(partition, "none"))
            .conditionExpression("attribute_not_exists(pk)")
            .build();
    return TransactWriteItem.builder().conditionCheck(check).build();
  }
}
