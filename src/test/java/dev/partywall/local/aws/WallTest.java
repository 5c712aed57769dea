package dev.partywall.local.aws;

import static dev.partywall.local.aws.House.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
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
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What a session that is acme's can do in a table that it shares with globex. */
@ExtendWith(LocalDynamo.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
class WallTest {
  private static final String ACMES =
      """
      "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["acme"]},
      "Null": {"dynamodb:LeadingKeys": "false"}\
      """;

  private House house;
  private Calls calls;
  private DynamoDbClient acme;

  @BeforeAll
  void open(LocalDynamo dynamo) throws Exception {
    house = new House(dynamo);
    calls = new Calls(house.table);
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
    return calls.on("acme", "acme");
  }

  /** Each with a foreign key; where there are several keys, only one of them is foreign. */
  Stream<Named<Consumer<DynamoDbClient>>> foreign() {
    return Stream.concat(calls.on("acme", "globex"), calls.without());
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

  @Test
  void forAllValuesAloneLetsAScanThrough() {
    var all = "\"ForAllValues:StringEquals\": {\"dynamodb:LeadingKeys\": \"acme\"}";
    try (var client = under(all)) {
      assertTrue(allowed(client, c -> c.scan(s -> s.tableName(house.table))));
      assertTrue(allowed(client, calls.statement("SELECT * FROM \"%s\"")));
      assertFalse(allowed(client, c -> c.query(calls.query("pk = :p", "globex"))));
    }
  }

  @Test
  void forAnyValueLetsAMixedBatchThrough() {
    var any = "\"ForAnyValue:StringEquals\": {\"dynamodb:LeadingKeys\": \"acme\"}";
    try (var client = under(any)) {
      var mixed = Map.of(house.table, Calls.keys("acme", "globex"));
      assertTrue(allowed(client, c -> c.batchGetItem(b -> b.requestItems(mixed))));
      var foreign = Map.of(house.table, Calls.keys("globex", "globex"));
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
      assertTrue(allowed(client, c -> c.query(calls.query("pk = :p", "acme2"))));
    }
    assertFalse(allowed(acme, c -> c.query(calls.query("pk = :p", "acme2"))));
  }

  @Test
  void anIndexIsLedByItsOwnKey() {
    var owner =
        "\"ForAllValues:StringEquals\": {\"dynamodb:LeadingKeys\": \"o-acme\"},"
            + "\"Null\": {\"dynamodb:LeadingKeys\": \"false\"}";
    try (var client = under(owner)) {
      assertTrue(allowed(client, c -> c.query(calls.byOwner("o-acme"))));
      assertFalse(allowed(client, c -> c.query(calls.byOwner("o-globex"))));
    }
  }

  @Test
  void anIndexIsAResourceOfItsOwn() {
    var table = House.allow("dynamodb:*", house.tableArn());
    try (var client = house.dynamo(house.narrowed(table))) {
      assertTrue(allowed(client, c -> c.query(calls.query("pk = :p", "acme"))));
      assertFalse(allowed(client, c -> c.query(calls.byOwner("o-acme"))));
    }
  }

  @Test
  void whatIsReadOfAnItemCanBeLimited() {
    var some =
        "\"ForAllValues:StringEquals\": {\"dynamodb:Attributes\": [\"pk\", \"sk\", \"owner\"]},"
            + "\"StringEqualsIfExists\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\","
            + " \"dynamodb:ReturnValues\": [\"NONE\", \"UPDATED_OLD\"]}";
    try (var client = under(some)) {
      assertTrue(
          allowed(client, c -> c.getItem(g -> Calls.projected(g.tableName(house.table), "#o"))));
      assertFalse(
          allowed(
              client,
              c -> c.getItem(g -> Calls.projected(g.tableName(house.table), "#o, secret"))));
      assertFalse(
          allowed(client, c -> c.getItem(g -> g.tableName(house.table).key(key("acme", "a")))));
      assertFalse(allowed(client, calls.statement("SELECT * FROM \"%s\" WHERE pk = 'acme'")));
      assertFalse(allowed(client, calls.statement("SELECT secret FROM \"%s\" WHERE pk = 'acme'")));
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
      assertTrue(allowed(client, c -> c.query(calls.query("pk = :p", "acme"))));
      assertFalse(
          allowed(client, c -> c.transactGetItems(t -> t.transactItems(calls.get("acme", "a")))));
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
}
