package dev.partywall.isolation;

import static dev.partywall.isolation.ItemOperations.assertDenied;
import static dev.partywall.isolation.ItemOperations.itemOperations;
import static dev.partywall.isolation.ItemOperations.key;
import static dev.partywall.isolation.ItemOperations.put;
import static dev.partywall.isolation.ItemOperations.putItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.local.aws.DeployedTemplate;
import dev.partywall.storage.Schema;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.tenancy.TenantLocation;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * Sessions of the deployed tenant role that have no session policy, or a wrong one. Only the
 * session tag separates the tenants.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(Lifecycle.PER_CLASS) // creates the tables once
class SessionTagTest {
  private static final Region REGION = Region.of(DeploymentTarget.LOCAL.region());

  private final LocalDynamo dynamo;
  private final String pool;
  private final DeployedTemplate deployed;
  private DynamoDbClient acme;

  SessionTagTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
    var prefix = dynamo.uniquePrefix();
    this.pool = prefix + "orders";
    this.deployed = new DeployedTemplate(dynamo, prefix, new FixedClock());
  }

  @BeforeAll
  void createTables() {
    try (var engine = dynamo.client()) {
      create(engine, "", "acme", "acme.0", "acme.15", "acme2", "acme-x", "globex", "globex.0");
      create(engine, ".acme", "acme");
      create(engine, ".acme.2", "acme");
      create(engine, ".acme2", "acme2");
      create(engine, ".globex", "globex");
      create(engine, ".restored_0900", "acme", "acme.0", "globex");
    }
    acme = client(request -> request.tags(tag("acme")));
  }

  private void create(DynamoDbClient engine, String suffix, String... keys) {
    new TableProvisioning(engine, List.of(Schema.ofTenants(pool + suffix))).createMissing();
    putItems(engine, new TenantLocation(pool + suffix, List.of(keys)));
  }

  private DynamoDbClient client(Consumer<AssumeRoleRequest.Builder> parameters) {
    return DynamoDbClient.builder()
        .region(REGION)
        .endpointOverride(deployed.aws().endpoint())
        .credentialsProvider(deployed.assumeTenantRole(parameters))
        .build();
  }

  private static Tag tag(String tenant) {
    return Tag.builder().key("tenant").value(tenant).build();
  }

  @AfterAll
  void stop() {
    acme.close();
    deployed.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'', acme",
    "'', acme.0",
    "'', acme.15",
    ".acme, acme",
    ".acme, acme.0",
    ".acme.2, acme"
  })
  void withoutASessionPolicyATenantReachesItsOwnItems(String table, String key) {
    itemOperations(pool + table, key).forEach(call -> call.accept(acme));
  }

  @ParameterizedTest
  @CsvSource({
    "'', acme2",
    "'', acme-x",
    "'', globex",
    "'', globex.0",
    ".acme, globex",
    ".acme2, acme2",
    ".acme2, acme",
    ".globex, globex",
    ".globex, acme",
    ".restored_0900, globex"
  })
  void withoutASessionPolicyATenantReachesNoOtherItems(String table, String key) {
    itemOperations(pool + table, key).forEach(call -> assertDenied(() -> call.accept(acme)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".acme", ".restored_0900"})
  void withoutASessionPolicyATenantReachesNothingWithoutAKey(String suffix) {
    var table = pool + suffix;
    assertDenied(() -> acme.scan(scan -> scan.tableName(table)));
    assertDenied(() -> acme.scan(scan -> scan.tableName(table).indexName("by-i1")));
    for (var where : List.of("", " WHERE pk = 'acme'", " WHERE pk IN ['acme', 'acme.0']")) {
      var statement = "SELECT * FROM \"" + table + "\"" + where;
      assertDenied(() -> acme.executeStatement(sql -> sql.statement(statement)));
    }
    assertDenied(() -> acme.describeTable(describe -> describe.tableName(table)));
  }

  @Test
  void aTransactionWithOneForeignItemIsDenied() {
    var mixed = List.of(put(pool, "acme"), put(pool, "globex"));
    assertDenied(() -> acme.transactWriteItems(all -> all.transactItems(mixed)));
  }

  @Test
  void aRestoredTableIsReadOnly() {
    var table = pool + ".restored_0900";
    assertTrue(acme.getItem(get -> get.tableName(table).key(key("acme"))).hasItem());
    assertTrue(acme.getItem(get -> get.tableName(table).key(key("acme.0"))).hasItem());
    var write = List.of(put(table, "acme"));
    assertDenied(() -> acme.transactWriteItems(all -> all.transactItems(write)));
  }

  @Test
  void aSessionPolicyOfAnotherTenantGivesNoAccess() {
    var role = new RoleArn(deployed.template().arn("TenantRole"));
    var policies = new SessionPolicy(role, REGION.id());
    var foreign = new TenantLocation(pool, List.of("globex", "globex.0"));
    try (var client = client(request -> request.tags(tag("acme")).policy(policies.json(foreign)))) {
      for (var key : List.of("acme", "globex", "globex.0")) {
        itemOperations(pool, key).forEach(call -> assertDenied(() -> call.accept(client)));
      }
      itemOperations(pool + ".acme", "acme")
          .forEach(call -> assertDenied(() -> call.accept(client)));
    }
  }

  @Test
  void theTenantRoleCannotBeAssumedWithoutItsTag() {
    assertRejected("AccessDenied", _ -> {});
    assertRejected("AccessDenied", request -> request.tags(tag("")));
    assertRejected(
        "AccessDenied",
        request -> request.tags(Tag.builder().key("customer").value("acme").build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "?", "acme*", "${aws:userid}"})
  void aTagHasNoWildcardsAndNoVariables(String value) {
    assertRejected("ValidationError", request -> request.tags(tag(value)));
  }

  private void assertRejected(String code, Consumer<AssumeRoleRequest.Builder> parameters) {
    var failure = assertThrows(StsException.class, () -> deployed.assumeTenantRole(parameters));
    assertEquals(code, failure.awsErrorDetails().errorCode());
  }
}
