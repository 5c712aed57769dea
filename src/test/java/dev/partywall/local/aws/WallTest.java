package dev.partywall.local.aws;

import static dev.partywall.local.aws.House.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
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

/** What a session that is acme's can do in a table that it shares with globex. */
@ExtendWith(LocalDynamo.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
class WallTest {
  private static final String ACMES =
      """
      "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["acme"]},
      "Null": {"dynamodb:LeadingKeys": "false"}\
      """;

  private int puts;
  private House house;
  private DynamoDbClient acme;

  @BeforeAll
  void open(LocalDynamo dynamo) throws Exception {
    house = new House(dynamo);
    acme = under(ACMES);
  }

  @AfterAll
  void close() {
    acme.close();
    house.close();
  }

  /** A client whose session policy allows everything, under that condition. */
  private DynamoDbClient under(String condition) {
    return house.dynamo(
        house.narrowed(
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:*",
              "Resource": ["%1$s", "%1$s/index/*"], "Condition": {%2$s}}}\
            """
                .formatted(house.tableArn(), condition)));
  }

  private boolean allowed(DynamoDbClient client, Consumer<DynamoDbClient> call) {
    try {
      call.accept(client);
      return true;
    } catch (DynamoDbException e) {
      if (!e.awsErrorDetails().errorCode().equals("AccessDeniedException")) {
        throw e;
      }
      return false;
    }
  }

  Stream<Named<Consumer<DynamoDbClient>>> own() {
    return calls("acme", "acme");
  }

  /** Each with a foreign key; where there are several keys, only one of them is foreign. */
  Stream<Named<Consumer<DynamoDbClient>>> foreign() {
    return Stream.concat(calls("acme", "globex"), without());
  }

  @ParameterizedTest
  @MethodSource("own")
  void oneMayUseWhatIsOnesOwn(Consumer<DynamoDbClient> call) {
    assertTrue(allowed(acme, call));
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void oneMayNotUseWhatIsAnothers(Consumer<DynamoDbClient> call) {
    assertFalse(allowed(acme, call));
  }

  private Stream<Named<Consumer<DynamoDbClient>>> calls(String own, String other) {
    return Stream.of(
        Named.of("get", c -> c.getItem(g -> g.tableName(house.table).key(key(other, "a")))),
        Named.of("put", c -> c.putItem(p -> p.tableName(house.table).item(key(other, "n")))),
        Named.of("update", c -> c.updateItem(u -> u.tableName(house.table).key(key(other, "u")))),
        Named.of("delete", c -> c.deleteItem(d -> d.tableName(house.table).key(key(other, "d")))),
        Named.of("query", c -> c.query(query("pk = :p", other))),
        Named.of("query, turned round", c -> c.query(query(":p = pk", other))),
        Named.of(
            "query, in parentheses", c -> c.query(query("((pk) = (:p)) AND (sk > :s)", other))),
        Named.of(
            "query, sort key first", c -> c.query(query("sk between :s and :s AND #p=:p", other))),
        Named.of(
            "query, begins_with",
            c -> c.query(query("begins_with ( sk , :s ) AND #p = :p", other))),
        Named.of(
            "batch get",
            c -> c.batchGetItem(b -> b.requestItems(Map.of(house.table, keys(own, other))))),
        Named.of(
            "batch write",
            c -> c.batchWriteItem(b -> b.requestItems(Map.of(house.table, writes(own, other))))),
        Named.of(
            "transaction of gets",
            c -> c.transactGetItems(t -> t.transactItems(get(own, "a"), get(other, "b")))),
        Named.of(
            "transaction of puts",
            c -> c.transactWriteItems(t -> t.transactItems(put(own), put(other)))),
        Named.of(
            "transaction with a check",
            c -> c.transactWriteItems(t -> t.transactItems(put(own), check(other)))),
        Named.of(
            "transaction with a delete",
            c -> c.transactWriteItems(t -> t.transactItems(put(own), delete(other)))),
        Named.of("select", statement("SELECT * FROM \"%s\" WHERE pk = '" + other + "'")),
        Named.of(
            "select, quoted",
            statement("select sk from \"%s\" where sk > 'a' and \"pk\"=?", other)),
        Named.of(
            "insert",
            statement(
                "INSERT INTO \"%s\" VALUE {'pk': ?, 'sk': '" + System.nanoTime() + "'}", other)),
        Named.of(
            "change", statement("UPDATE \"%s\" SET a='1' WHERE pk='" + other + "' AND sk=?", "a")),
        Named.of("remove", statement("DELETE FROM \"%s\" WHERE sk='x' AND pk=?", other)),
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

  /** Without a leading key that is acme's, or any. */
  private Stream<Named<Consumer<DynamoDbClient>>> without() {
    return Stream.of(
        Named.of("scan", c -> c.scan(s -> s.tableName(house.table))),
        Named.of(
            "scan of an index", c -> c.scan(s -> s.tableName(house.table).indexName("by-owner"))),
        Named.of("scan for one's own", c -> c.scan(ownOf("pk = :p"))),
        Named.of("query of an index by another key", c -> c.query(byOwner("o-acme"))),
        Named.of("select of all", statement("SELECT * FROM \"%s\"")),
        Named.of(
            "select of either", statement("SELECT * FROM \"%s\" WHERE pk='acme' OR pk='globex'")),
        Named.of(
            "select of several", statement("SELECT * FROM \"%s\" WHERE pk IN ['acme','globex']")),
        Named.of("select of not one's own", statement("SELECT * FROM \"%s\" WHERE NOT pk='acme'")),
        Named.of(
            "select between", statement("SELECT * FROM \"%s\" WHERE sk BETWEEN 'a' AND pk='acme'")),
        Named.of(
            "select by another key",
            statement("SELECT * FROM \"%s\".\"by-owner\" WHERE pk='acme'")),
        Named.of("describe", c -> c.describeTable(d -> d.tableName(house.table))),
        Named.of("drop", c -> c.deleteTable(d -> d.tableName(house.table))),
        Named.of("list", c -> c.listTables()),
        Named.of("time to live", c -> c.describeTimeToLive(d -> d.tableName(house.table))),
        Named.of("back up", c -> c.createBackup(d -> d.tableName(house.table).backupName("b1"))),
        Named.of(
            "another table", c -> c.getItem(g -> g.tableName("no-such").key(key("acme", "a")))));
  }

  @Test
  void forAllValuesAloneLetsAScanThrough() {
    var all = "\"ForAllValues:StringEquals\": {\"dynamodb:LeadingKeys\": \"acme\"}";
    try (var client = under(all)) {
      assertTrue(allowed(client, c -> c.scan(s -> s.tableName(house.table))));
      assertTrue(allowed(client, statement("SELECT * FROM \"%s\"")));
      assertFalse(allowed(client, c -> c.query(query("pk = :p", "globex"))));
    }
  }

  @Test
  void forAnyValueLetsAMixedBatchThrough() {
    var any = "\"ForAnyValue:StringEquals\": {\"dynamodb:LeadingKeys\": \"acme\"}";
    try (var client = under(any)) {
      var mixed = Map.of(house.table, keys("acme", "globex"));
      assertTrue(allowed(client, c -> c.batchGetItem(b -> b.requestItems(mixed))));
      var foreign = Map.of(house.table, keys("globex", "globex"));
      assertFalse(allowed(client, c -> c.batchGetItem(b -> b.requestItems(foreign))));
      assertFalse(allowed(client, c -> c.scan(s -> s.tableName(house.table))));
    }
  }

  @Test
  void aWildcardOpensTheNamesThatBeginAlike() {
    var like =
        "\"ForAllValues:StringLike\": {\"dynamodb:LeadingKeys\": \"acme*\"},"
            + "\"Null\": {\"dynamodb:LeadingKeys\": \"false\"}";
    try (var client = under(like)) {
      assertTrue(allowed(client, c -> c.query(query("pk = :p", "acme2"))));
    }
    assertFalse(allowed(acme, c -> c.query(query("pk = :p", "acme2"))));
  }

  @Test
  void anIndexIsLedByItsOwnKey() {
    var owner =
        "\"ForAllValues:StringEquals\": {\"dynamodb:LeadingKeys\": \"o-acme\"},"
            + "\"Null\": {\"dynamodb:LeadingKeys\": \"false\"}";
    try (var client = under(owner)) {
      assertTrue(allowed(client, c -> c.query(byOwner("o-acme"))));
      assertFalse(allowed(client, c -> c.query(byOwner("o-globex"))));
    }
  }

  @Test
  void anIndexIsAResourceOfItsOwn() {
    var table = House.allow("dynamodb:*", house.tableArn());
    try (var client = house.dynamo(house.narrowed(table))) {
      assertTrue(allowed(client, c -> c.query(query("pk = :p", "acme"))));
      assertFalse(allowed(client, c -> c.query(byOwner("o-acme"))));
    }
  }

  @Test
  void whatIsReadOfAnItemCanBeLimited() {
    var some =
        "\"ForAllValues:StringEquals\": {\"dynamodb:Attributes\": [\"pk\", \"sk\", \"owner\"]},"
            + "\"StringEqualsIfExists\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\","
            + " \"dynamodb:ReturnValues\": [\"NONE\", \"UPDATED_OLD\"]}";
    try (var client = under(some)) {
      assertTrue(allowed(client, c -> c.getItem(g -> projected(g.tableName(house.table), "#o"))));
      assertFalse(
          allowed(client, c -> c.getItem(g -> projected(g.tableName(house.table), "#o, secret"))));
      assertFalse(
          allowed(client, c -> c.getItem(g -> g.tableName(house.table).key(key("acme", "a")))));
      assertFalse(allowed(client, statement("SELECT * FROM \"%s\" WHERE pk = 'acme'")));
      assertFalse(allowed(client, statement("SELECT secret FROM \"%s\" WHERE pk = 'acme'")));
      assertTrue(
          allowed(client, c -> c.updateItem(u -> u.tableName(house.table).key(key("acme", "w")))));
      assertFalse(
          allowed(
              client,
              c ->
                  c.updateItem(u ->
                      u.tableName(house.table).key(key("acme", "w")).returnValues("ALL_OLD"))));
    }
  }

  @Test
  void transactionsCanBeToldApart() {
    var alone = "\"Null\": {\"dynamodb:EnclosingOperation\": \"true\"}";
    try (var client = under(alone)) {
      assertTrue(allowed(client, c -> c.query(query("pk = :p", "acme"))));
      assertFalse(allowed(client, c -> c.transactGetItems(t -> t.transactItems(get("acme", "a")))));
    }
  }

  @Test
  void aTableThatIsNotThereIsToldOfToWhoMayUseIt() {
    try (var client = house.dynamo(house.narrowed(House.allow("dynamodb:*", "*")))) {
      assertEquals(
          "ResourceNotFoundException",
          code(client, c -> c.getItem(g -> g.tableName("no-such").key(key("acme", "a")))));
    }
  }

  private static String code(DynamoDbClient client, Consumer<DynamoDbClient> call) {
    try {
      call.accept(client);
      return "";
    } catch (DynamoDbException e) {
      return e.awsErrorDetails().errorCode();
    }
  }

  private QueryRequest query(String condition, String partition) {
    var values = new HashMap<>(Map.of(":p", AttributeValue.fromS(partition)));
    if (condition.contains(":s")) {
      values.put(":s", AttributeValue.fromS("a"));
    }
    return QueryRequest.builder()
        .tableName(house.table)
        .keyConditionExpression(condition)
        .expressionAttributeNames(condition.contains("#p") ? Map.of("#p", "pk") : null)
        .expressionAttributeValues(values)
        .build();
  }

  private QueryRequest byOwner(String owner) {
    return QueryRequest.builder()
        .tableName(house.table)
        .indexName("by-owner")
        .keyConditionExpression("#o = :o")
        .expressionAttributeNames(Map.of("#o", "owner"))
        .expressionAttributeValues(Map.of(":o", AttributeValue.fromS(owner)))
        .build();
  }

  private Consumer<ScanRequest.Builder> ownOf(String filter) {
    return s ->
        s.tableName(house.table)
            .filterExpression(filter)
            .expressionAttributeValues(Map.of(":p", AttributeValue.fromS("acme")));
  }

  private static void projected(GetItemRequest.Builder get, String attributes) {
    get.key(key("acme", "a"))
        .projectionExpression(attributes)
        .expressionAttributeNames(Map.of("#o", "owner"));
  }

  private Consumer<DynamoDbClient> statement(String text, String... parameters) {
    var values = Stream.of(parameters).map(AttributeValue::fromS).toList();
    return c ->
        c.executeStatement(s ->
            s.statement(text.formatted(house.table)).parameters(values.isEmpty() ? null : values));
  }

  private String select(String partition, String sort) {
    return "SELECT sk FROM \"%s\" WHERE pk = '%s' AND sk = '%s'"
        .formatted(house.table, partition, sort);
  }

  private BatchStatementRequest batch(String partition, String sort) {
    return BatchStatementRequest.builder().statement(select(partition, sort)).build();
  }

  private ParameterizedStatement enclosed(String partition, String sort) {
    return ParameterizedStatement.builder().statement(select(partition, sort)).build();
  }

  private static KeysAndAttributes keys(String one, String other) {
    return KeysAndAttributes.builder().keys(List.of(key(one, "a"), key(other, "b"))).build();
  }

  private static List<WriteRequest> writes(String one, String other) {
    return List.of(
        WriteRequest.builder().putRequest(p -> p.item(key(one, "w"))).build(),
        WriteRequest.builder().deleteRequest(d -> d.key(key(other, "d"))).build());
  }

  private TransactGetItem get(String partition, String sort) {
    var get = Get.builder().tableName(house.table).key(key(partition, sort)).build();
    return TransactGetItem.builder().get(get).build();
  }

  private TransactWriteItem put(String partition) {
    var item = key(partition, "t-" + partition + puts++);
    var put = Put.builder().tableName(house.table).item(item).build();
    return TransactWriteItem.builder().put(put).build();
  }

  private TransactWriteItem delete(String partition) {
    var delete = Delete.builder().tableName(house.table).key(key(partition, "d")).build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  private TransactWriteItem check(String partition) {
    var check =
        ConditionCheck.builder()
            .tableName(house.table)
            .key(key(partition, "none"))
            .conditionExpression("attribute_not_exists(pk)")
            .build();
    return TransactWriteItem.builder().conditionCheck(check).build();
  }
}
