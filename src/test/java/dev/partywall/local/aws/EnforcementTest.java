package dev.partywall.local.aws;

import static dev.partywall.local.aws.LocalAwsFixture.key;
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

/** Access of a session of acme to a table that acme shares with globex. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(Lifecycle.PER_CLASS)
class EnforcementTest {
  private static final String ACME_CONDITION =
      """
      "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["acme"]},
      "Null": {"dynamodb:LeadingKeys": "false"}\
      """;

  private LocalAwsFixture fixture;
  private ItemCallCatalog calls;
  private DynamoDbClient acme;

  @BeforeAll
  void open(LocalDynamo dynamo) throws Exception {
    fixture = new LocalAwsFixture(dynamo);
    calls = new ItemCallCatalog(fixture.table);
    acme = under(ACME_CONDITION);
  }

  @AfterAll
  void close() {
    acme.close();
    fixture.close();
  }

  /** Returns a client whose session policy allows every action under {@code condition}. */
  private DynamoDbClient under(String condition) {
    return fixture.dynamo(
        fixture.restrictedCredentials(
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "dynamodb:*",
              "Resource": ["%1$s", "%1$s/index/*"], "Condition": {%2$s}}}\
            """
                .formatted(fixture.tableArn(), condition)));
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
    return calls.itemCalls("acme", "acme");
  }

  /**
   * Returns each operation with a key of globex. If an operation has several keys, only one belongs
   * to globex.
   */
  Stream<Named<Consumer<DynamoDbClient>>> foreign() {
    return Stream.concat(calls.itemCalls("acme", "globex"), calls.callsWithoutLeadingKey());
  }

  @ParameterizedTest
  @MethodSource("own")
  void allowsOwnItems(Consumer<DynamoDbClient> call) {
    assertTrue(allowed(acme, call));
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void deniesItemsOfOtherTenants(Consumer<DynamoDbClient> call) {
    assertFalse(allowed(acme, call));
  }

  @Test
  void forAllValuesAloneAllowsAScan() {
    var all = "\"ForAllValues:StringEquals\": {\"dynamodb:LeadingKeys\": \"acme\"}";
    try (var client = under(all)) {
      assertTrue(allowed(client, c -> c.scan(s -> s.tableName(fixture.table))));
      assertTrue(allowed(client, calls.statement("SELECT * FROM \"%s\"")));
      assertFalse(allowed(client, c -> c.query(calls.query("pk = :p", "globex"))));
    }
  }

  @Test
  void forAnyValueAllowsAMixedBatch() {
    var any = "\"ForAnyValue:StringEquals\": {\"dynamodb:LeadingKeys\": \"acme\"}";
    try (var client = under(any)) {
      var mixed = Map.of(fixture.table, ItemCallCatalog.keys("acme", "globex"));
      assertTrue(allowed(client, c -> c.batchGetItem(b -> b.requestItems(mixed))));
      var foreign = Map.of(fixture.table, ItemCallCatalog.keys("globex", "globex"));
      assertFalse(allowed(client, c -> c.batchGetItem(b -> b.requestItems(foreign))));
      assertFalse(allowed(client, c -> c.scan(s -> s.tableName(fixture.table))));
    }
  }

  @Test
  void aWildcardAllowsTenantsWithTheSamePrefix() {
    var like =
        "\"ForAllValues:StringLike\": {\"dynamodb:LeadingKeys\": \"acme*\"},"
            + "\"Null\": {\"dynamodb:LeadingKeys\": \"false\"}";
    try (var client = under(like)) {
      assertTrue(allowed(client, c -> c.query(calls.query("pk = :p", "acme2"))));
    }
    assertFalse(allowed(acme, c -> c.query(calls.query("pk = :p", "acme2"))));
  }

  @Test
  void theLeadingKeyOfAnIndexIsItsPartitionKey() {
    var owner =
        "\"ForAllValues:StringEquals\": {\"dynamodb:LeadingKeys\": \"o-acme\"},"
            + "\"Null\": {\"dynamodb:LeadingKeys\": \"false\"}";
    try (var client = under(owner)) {
      assertTrue(allowed(client, c -> c.query(calls.queryByOwner("o-acme"))));
      assertFalse(allowed(client, c -> c.query(calls.queryByOwner("o-globex"))));
    }
  }

  @Test
  void anIndexIsASeparateResource() {
    var table = LocalAwsFixture.allowPolicy("dynamodb:*", fixture.tableArn());
    try (var client = fixture.dynamo(fixture.restrictedCredentials(table))) {
      assertTrue(allowed(client, c -> c.query(calls.query("pk = :p", "acme"))));
      assertFalse(allowed(client, c -> c.query(calls.queryByOwner("o-acme"))));
    }
  }

  @Test
  void limitsTheReadAttributes() {
    var some =
        "\"ForAllValues:StringEquals\": {\"dynamodb:Attributes\": [\"pk\", \"sk\", \"owner\"]},"
            + "\"StringEqualsIfExists\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\","
            + " \"dynamodb:ReturnValues\": [\"NONE\", \"UPDATED_OLD\"]}";
    try (var client = under(some)) {
      assertTrue(
          allowed(
              client,
              c ->
                  c.getItem(
                      g -> ItemCallCatalog.projectAttributes(g.tableName(fixture.table), "#o"))));
      assertFalse(
          allowed(
              client,
              c ->
                  c.getItem(g ->
                      ItemCallCatalog.projectAttributes(
                          g.tableName(fixture.table), "#o, secret"))));
      assertFalse(
          allowed(client, c -> c.getItem(g -> g.tableName(fixture.table).key(key("acme", "a")))));
      assertFalse(allowed(client, calls.statement("SELECT * FROM \"%s\" WHERE pk = 'acme'")));
      assertFalse(allowed(client, calls.statement("SELECT secret FROM \"%s\" WHERE pk = 'acme'")));
      assertTrue(
          allowed(
              client, c -> c.updateItem(u -> u.tableName(fixture.table).key(key("acme", "w")))));
      assertFalse(
          allowed(
              client,
              c ->
                  c.updateItem(u ->
                      u.tableName(fixture.table).key(key("acme", "w")).returnValues("ALL_OLD"))));
    }
  }

  @Test
  void distinguishesTransactions() {
    var alone = "\"Null\": {\"dynamodb:EnclosingOperation\": \"true\"}";
    try (var client = under(alone)) {
      assertTrue(allowed(client, c -> c.query(calls.query("pk = :p", "acme"))));
      assertFalse(
          allowed(client, c -> c.transactGetItems(t -> t.transactItems(calls.get("acme", "a")))));
    }
  }

  @Test
  void reportsAMissingTableOnlyToPermittedCallers() {
    try (var client =
        fixture.dynamo(
            fixture.restrictedCredentials(LocalAwsFixture.allowPolicy("dynamodb:*", "*")))) {
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
