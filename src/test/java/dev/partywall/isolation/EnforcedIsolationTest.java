package dev.partywall.isolation;

import static dev.partywall.isolation.ItemOperations.assertDenied;
import static dev.partywall.isolation.ItemOperations.item;
import static dev.partywall.isolation.ItemOperations.itemOperations;
import static dev.partywall.isolation.ItemOperations.key;
import static dev.partywall.isolation.ItemOperations.put;
import static dev.partywall.isolation.ItemOperations.putItems;
import static dev.partywall.isolation.ItemOperations.runAs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.CloudFormationTemplate.DeploymentTarget;
import dev.partywall.local.aws.DeployedTemplate;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TestPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Tests tenant credentials against the local IAM enforcer with the deployed policies. Each test
 * bypasses isolation layer 1, so only the credentials (layer 2) separate the tenants.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@TestInstance(Lifecycle.PER_CLASS) // creates the tables once
class EnforcedIsolationTest {
  private static final Region REGION = Region.of(DeploymentTarget.LOCAL.region());
  private static final TenantId POOLED = new TenantId("acme");
  private static final TenantId NEIGHBOUR = new TenantId("acme2");
  private static final TenantId SHARDED = new TenantId("globex");
  private static final TenantId SILOED = new TenantId("initech");
  private static final List<TenantId> ALL = List.of(POOLED, NEIGHBOUR, SHARDED, SILOED);

  private final LocalDynamo dynamo;
  private final String prefix;
  private final TestPlacements placements;
  private FixedClock clock;
  private DeployedTemplate deployed;
  private TenantCredentials credentials;
  private DynamoDbClient asTenant;
  private DynamoDbClient asService;

  EnforcedIsolationTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
    this.prefix = dynamo.uniquePrefix();
    this.placements =
        new TestPlacements(
            prefix + "orders",
            Map.of(SHARDED, new Placement.ShardedPool(4), SILOED, new Placement.Silo()));
    try (var engine = dynamo.client()) {
      new TableProvisioning(engine, placements.schemas()).createMissing();
    }
  }

  @BeforeEach
  void start() {
    clock = new FixedClock();
    deployed = new DeployedTemplate(dynamo, prefix, clock);
    credentials = credentials(new RoleArn(deployed.template().arn("TenantRole")));
    asTenant = client(credentials);
    asService = client(deployed.serviceCredentials());
    try (var engine = dynamo.client()) {
      ALL.forEach(tenant -> putItems(engine, placements.locationOf(tenant)));
    }
  }

  private TenantCredentials credentials(RoleArn role) {
    var sts =
        StsClients.builder()
            .region(REGION)
            .endpointOverride(deployed.aws().endpoint())
            .credentialsProvider(deployed.serviceCredentials())
            .build();
    var issuer = new StsCredentialIssuer(sts, role, new SessionPolicy(role, REGION.id()), "test");
    var issuing = CredentialsFixture.issuing(issuer, Thread::startVirtualThread, clock);
    return new TenantCredentials(issuing, tenant -> placements.locationOf(tenant.id()), 100);
  }

  private DynamoDbClient client(AwsCredentialsProvider provider) {
    URI endpoint = deployed.aws().endpoint();
    return DynamoDbClient.builder()
        .region(REGION)
        .endpointOverride(endpoint)
        .credentialsProvider(provider)
        .build();
  }

  @AfterEach
  void stop() {
    asTenant.close();
    asService.close();
    deployed.close();
  }

  @Test
  void allowsEachTenantTheItemOperationsOnItsOwnItems() {
    for (var tenant : ALL) {
      var location = placements.locationOf(tenant);
      for (var key : location.partitionKeys()) {
        itemOperations(location.table(), key)
            .forEach(call -> runAs(tenant, () -> call.accept(asTenant)));
      }
    }
  }

  @Test
  void deniesEachTenantTheItemOperationsOnItemsOfOthers() {
    var keys = 0;
    for (var tenant : ALL) {
      for (var other : ALL) {
        if (!tenant.equals(other)) {
          var location = placements.locationOf(other);
          for (var key : location.partitionKeys()) {
            itemOperations(location.table(), key)
                .forEach(call -> runAs(tenant, () -> assertDenied(() -> call.accept(asTenant))));
            keys++;
          }
        }
      }
    }
    // Each of the four tenants tries the keys of the other three.
    assertEquals((7 - 1) + (7 - 1) + (7 - 4) + (7 - 1), keys);
  }

  @Test
  void deniesKeysThatAreNotListedShards() {
    var location = placements.locationOf(SHARDED);
    for (var key : List.of("globex", "globex.4", "globex.10", "globex.")) {
      itemOperations(location.table(), key)
          .forEach(call -> runAs(SHARDED, () -> assertDenied(() -> call.accept(asTenant))));
    }
  }

  @Test
  void deniesSiloTenantsThePoolAndPoolTenantsASilo() {
    var pool = placements.locationOf(POOLED).table();
    var silo = placements.locationOf(SILOED).table();
    itemOperations(pool, "initech")
        .forEach(call -> runAs(SILOED, () -> assertDenied(() -> call.accept(asTenant))));
    itemOperations(silo, "acme")
        .forEach(call -> runAs(POOLED, () -> assertDenied(() -> call.accept(asTenant))));
  }

  @Test
  void deniesAllOtherOperationsEvenOnTheTenantsOwnItems() {
    var table = placements.locationOf(POOLED).table();
    List<Consumer<DynamoDbClient>> unneeded =
        List.of(
            client -> client.scan(scan -> scan.tableName(table)),
            client -> client.scan(scan -> scan.tableName(table).indexName("by-i1")),
            client -> client.updateItem(update -> update.tableName(table).key(key("acme"))),
            client ->
                client.batchGetItem(batch ->
                    batch.requestItems(
                        Map.of(
                            table,
                            KeysAndAttributes.builder().keys(List.of(key("acme"))).build()))),
            client ->
                client.batchWriteItem(batch ->
                    batch.requestItems(
                        Map.of(
                            table,
                            List.of(
                                WriteRequest.builder()
                                    .putRequest(put -> put.item(item("acme")))
                                    .build())))),
            client ->
                client.transactWriteItems(all ->
                    all.transactItems(
                        List.of(
                            TransactWriteItem.builder()
                                .conditionCheck(check ->
                                    check
                                        .tableName(table)
                                        .key(key("acme"))
                                        .conditionExpression("attribute_exists(pk)"))
                                .build()))),
            client ->
                client.executeStatement(
                    sql -> sql.statement("SELECT * FROM \"" + table + "\" WHERE pk = 'acme'")),
            client -> client.describeTable(describe -> describe.tableName(table)),
            client -> client.deleteTable(delete -> delete.tableName(table)));
    unneeded.forEach(call -> runAs(POOLED, () -> assertDenied(() -> call.accept(asTenant))));
  }

  @Test
  void deniesATransactionWithOneForeignItem() {
    var table = placements.locationOf(POOLED).table();
    var mixed = List.of(put(table, "acme"), put(table, "acme2"));
    runAs(
        POOLED,
        () -> assertDenied(() -> asTenant.transactWriteItems(all -> all.transactItems(mixed))));
  }

  @Test
  void deniesTheServiceRoleAllItemOperations() {
    for (var tenant : ALL) {
      var location = placements.locationOf(tenant);
      itemOperations(location.table(), location.partitionKeys().getFirst())
          .forEach(call -> assertDenied(() -> call.accept(asService)));
      assertDenied(() -> asService.scan(scan -> scan.tableName(location.table())));
      asService.describeTable(describe -> describe.tableName(location.table()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::123456789012:role/another",
        "arn:aws:iam::999999999999:role/partywall-TenantRole"
      })
  void deniesTheServiceRoleToAssumeOtherRoles(String role) {
    var other = credentials(new RoleArn(role));
    assertThrows(ApiException.class, () -> runAs(POOLED, other::resolveCredentials));
  }

  @Test
  void replacesCredentialsThatExpireBetweenTwoPages() {
    var dynamo = new TenantDynamo(asTenant, credentials);
    runAs(
        POOLED,
        () -> {
          assertEquals(1, page(dynamo, Map.of()).count());
          clock.advance(Duration.ofMinutes(10));
          deployed.aws().expire(credentials.resolveCredentials().accessKeyId());
          assertEquals(0, page(dynamo, key("acme")).count());
        });
    assertEquals(2, deployed.aws().recorder().callCount("sts:AssumeRole"));
  }

  private QueryResponse page(DynamoDbClient client, Map<String, AttributeValue> after) {
    return client.query(query ->
        query
            .tableName(placements.locationOf(POOLED).table())
            .keyConditionExpression("pk = :pk")
            .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS("acme")))
            .limit(1)
            .exclusiveStartKey(after.isEmpty() ? null : after));
  }

  @Test
  void servesKnownTenantsAndRejectsNewOnesWhileStsIsUnavailable() {
    runAs(POOLED, () -> page(asTenant, Map.of()));
    deployed.aws().stsFaults().dropConnections();
    clock.advance(Duration.ofMinutes(50));
    runAs(POOLED, () -> page(asTenant, Map.of()));
    runAs(SILOED, () -> assertThrows(ApiException.class, () -> asTenant.listTables()));
    deployed.aws().stsFaults().restore();
    clock.advance(Duration.ofSeconds(2));
    runAs(SILOED, () -> assertDenied(asTenant::listTables));
  }
}
