package dev.partywall.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.http.Refused;
import dev.partywall.local.LocalDynamo;
import dev.partywall.local.aws.Deployed;
import dev.partywall.local.aws.Template.Target;
import dev.partywall.storage.Dynamo;
import dev.partywall.storage.Tables;
import dev.partywall.tenancy.Home;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
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
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * What tenants' credentials can do, tried against an AWS that evaluates the deployed policies. Each
 * test goes around all that the service does to stay in its tenant: only the credentials hold.
 */
@ExtendWith(LocalDynamo.Shared.class)
@TestInstance(Lifecycle.PER_CLASS) // makes the tables once
class WallTest {
  private static final Region REGION = Region.of(Target.LOCAL.region());
  private static final TenantId POOLED = new TenantId("acme");
  private static final TenantId NEIGHBOUR = new TenantId("acme2");
  private static final TenantId SHARDED = new TenantId("globex");
  private static final TenantId SILOED = new TenantId("initech");
  private static final List<TenantId> ALL = List.of(POOLED, NEIGHBOUR, SHARDED, SILOED);

  private final LocalDynamo dynamo;
  private final String prefix;
  private final Placements placements;
  private SetClock clock;
  private Deployed deployed;
  private TenantCredentials credentials;
  private DynamoDbClient asTenant;
  private DynamoDbClient asService;

  WallTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
    this.prefix = dynamo.freshPrefix();
    this.placements =
        new Placements(
            prefix, Map.of(SHARDED, new Placement.ShardedPool(4), SILOED, new Placement.Silo()));
    try (var engine = dynamo.client()) {
      new Tables(engine, placements).createMissing();
    }
  }

  @BeforeEach
  void start() {
    clock = new SetClock();
    deployed = new Deployed(dynamo, prefix, clock);
    credentials = credentials(new RoleArn(deployed.template().arn("TenantRole")));
    asTenant = client(credentials);
    asService = client(deployed.service());
    try (var engine = dynamo.client()) {
      ALL.forEach(tenant -> furnish(engine, placements.homeOf(tenant)));
    }
  }

  private TenantCredentials credentials(RoleArn role) {
    var sts =
        StsClients.client()
            .region(REGION)
            .endpointOverride(deployed.aws().endpoint())
            .credentialsProvider(deployed.service())
            .build();
    var vendor = new Sts(sts, role, new SessionPolicy(role, REGION.id()), "test");
    var vending =
        new Vending(vendor, Thread::startVirtualThread, clock, () -> 0.5, CredentialListener.NONE);
    return new TenantCredentials(vending, placements::homeOf, 100);
  }

  private DynamoDbClient client(AwsCredentialsProvider provider) {
    URI endpoint = deployed.aws().endpoint();
    return Dynamo.client()
        .region(REGION)
        .endpointOverride(endpoint)
        .credentialsProvider(provider)
        .build();
  }

  private static void furnish(DynamoDbClient engine, Home home) {
    for (var key : home.partitionKeys()) {
      engine.putItem(it -> it.tableName(home.table()).item(item(key)));
    }
  }

  private static Map<String, AttributeValue> item(String partitionKey) {
    return Map.of(
        "pk", AttributeValue.fromS(partitionKey),
        "sk", AttributeValue.fromS("order#1"),
        "i1", AttributeValue.fromS("placed#1"),
        "i2", AttributeValue.fromS("u#placed#1"));
  }

  private static Map<String, AttributeValue> key(String partitionKey) {
    return Map.of("pk", AttributeValue.fromS(partitionKey), "sk", AttributeValue.fromS("order#1"));
  }

  @AfterEach
  void stop() {
    asTenant.close();
    asService.close();
    deployed.close();
  }

  private static void as(TenantId tenant, Runnable work) {
    TenantContext.call(
        new Tenant(tenant, "free"),
        () -> {
          work.run();
          return tenant;
        });
  }

  private static void denied(Runnable call) {
    var refused = assertThrows(AwsServiceException.class, call::run);
    assertEquals("AccessDeniedException", refused.awsErrorDetails().errorCode());
  }

  /** Everything that the service does to items, done to one partition key of one table. */
  private List<Consumer<DynamoDbClient>> needed(String table, String partitionKey) {
    return List.of(
        it -> it.getItem(get -> get.tableName(table).key(key(partitionKey))),
        it -> query(it, table, "", partitionKey),
        it -> query(it, table, "by-i1", partitionKey),
        it -> query(it, table, "by-i2", partitionKey),
        it -> it.transactWriteItems(all -> all.transactItems(List.of(put(table, partitionKey)))),
        it ->
            it.transactWriteItems(all -> all.transactItems(List.of(delete(table, partitionKey)))));
  }

  private static void query(DynamoDbClient client, String table, String index, String key) {
    client.query(it ->
        it.tableName(table)
            .indexName(index.isEmpty() ? null : index)
            .keyConditionExpression("pk = :pk")
            .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(key))));
  }

  private static TransactWriteItem put(String table, String key) {
    return TransactWriteItem.builder().put(it -> it.tableName(table).item(item(key))).build();
  }

  private static TransactWriteItem delete(String table, String key) {
    return TransactWriteItem.builder().delete(it -> it.tableName(table).key(key(key))).build();
  }

  @Test
  void eachTenantDoesAllThatTheServiceNeedsWhereverItLives() {
    for (var tenant : ALL) {
      var home = placements.homeOf(tenant);
      for (var key : home.partitionKeys()) {
        needed(home.table(), key).forEach(call -> as(tenant, () -> call.accept(asTenant)));
      }
    }
  }

  @Test
  void noTenantDoesAnyOfItToAnother() {
    var tried = 0;
    for (var tenant : ALL) {
      for (var other : ALL) {
        if (!tenant.equals(other)) {
          var home = placements.homeOf(other);
          for (var key : home.partitionKeys()) {
            needed(home.table(), key)
                .forEach(call -> as(tenant, () -> denied(() -> call.accept(asTenant))));
            tried++;
          }
        }
      }
    }
    // For each of the four: the keys of the other three.
    assertEquals((7 - 1) + (7 - 1) + (7 - 4) + (7 - 1), tried);
  }

  @Test
  void aShardIsNotReachedByItsTenantsBareNameNorByOneThatIsNotListed() {
    var home = placements.homeOf(SHARDED);
    for (var key : List.of("globex", "globex.4", "globex.10", "globex.")) {
      needed(home.table(), key)
          .forEach(call -> as(SHARDED, () -> denied(() -> call.accept(asTenant))));
    }
  }

  @Test
  void aSilosTenantHasNoPlaceInThePoolNorThePoolsInASilo() {
    var pool = placements.homeOf(POOLED).table();
    var silo = placements.homeOf(SILOED).table();
    needed(pool, "initech").forEach(call -> as(SILOED, () -> denied(() -> call.accept(asTenant))));
    needed(silo, "acme").forEach(call -> as(POOLED, () -> denied(() -> call.accept(asTenant))));
  }

  @Test
  void whatTheServiceDoesNotNeedIsDeniedAlsoOnItsOwnItems() {
    var table = placements.homeOf(POOLED).table();
    List<Consumer<DynamoDbClient>> others =
        List.of(
            it -> it.scan(scan -> scan.tableName(table)),
            it -> it.scan(scan -> scan.tableName(table).indexName("by-i1")),
            it -> it.updateItem(update -> update.tableName(table).key(key("acme"))),
            it ->
                it.batchGetItem(batch ->
                    batch.requestItems(
                        Map.of(
                            table,
                            KeysAndAttributes.builder().keys(List.of(key("acme"))).build()))),
            it ->
                it.batchWriteItem(batch ->
                    batch.requestItems(
                        Map.of(
                            table,
                            List.of(
                                WriteRequest.builder()
                                    .putRequest(put -> put.item(item("acme")))
                                    .build())))),
            it ->
                it.transactWriteItems(all ->
                    all.transactItems(
                        List.of(
                            TransactWriteItem.builder()
                                .conditionCheck(check ->
                                    check
                                        .tableName(table)
                                        .key(key("acme"))
                                        .conditionExpression("attribute_exists(pk)"))
                                .build()))),
            it ->
                it.executeStatement(
                    sql -> sql.statement("SELECT * FROM \"" + table + "\" WHERE pk = 'acme'")),
            it -> it.describeTable(describe -> describe.tableName(table)),
            it -> it.deleteTable(delete -> delete.tableName(table)));
    others.forEach(call -> as(POOLED, () -> denied(() -> call.accept(asTenant))));
  }

  @Test
  void oneForeignItemStopsAWholeTransaction() {
    var table = placements.homeOf(POOLED).table();
    var mixed = List.of(put(table, "acme"), put(table, "acme2"));
    as(POOLED, () -> denied(() -> asTenant.transactWriteItems(all -> all.transactItems(mixed))));
  }

  @Test
  void theServiceItselfCanNotTouchAnItem() {
    for (var tenant : ALL) {
      var home = placements.homeOf(tenant);
      needed(home.table(), home.partitionKeys().getFirst())
          .forEach(call -> denied(() -> call.accept(asService)));
      denied(() -> asService.scan(scan -> scan.tableName(home.table())));
      asService.describeTable(describe -> describe.tableName(home.table()));
    }
  }

  @Test
  void theTenantRoleWithoutASessionPolicyCanNotScan() {
    var made =
        deployed
            .aws()
            .credentials(deployed.template().name("TenantRole"), "x", Duration.ofHours(1));
    var provider =
        StaticCredentialsProvider.create(
            AwsSessionCredentials.create(
                made.accessKeyId(), made.secretAccessKey(), made.sessionToken().orElseThrow()));
    try (var client = client(provider)) {
      var table = placements.homeOf(POOLED).table();
      denied(() -> client.scan(scan -> scan.tableName(table)));
      denied(() -> client.scan(scan -> scan.tableName(table).indexName("by-i1")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::123456789012:role/another",
        "arn:aws:iam::999999999999:role/partywall-TenantRole"
      })
  void theServiceBecomesNothingElse(String role) {
    var other = credentials(new RoleArn(role));
    assertThrows(Refused.class, () -> as(POOLED, other::resolveCredentials));
  }

  @Test
  void credentialsThatEndInTheMiddleOfAPagedListAreReplacedAndNobodyNotices() {
    var dynamo = new TenantDynamo(asTenant, credentials);
    as(
        POOLED,
        () -> {
          assertEquals(1, page(dynamo, Map.of()).count());
          clock.pass(Duration.ofMinutes(10));
          deployed.aws().expire(credentials.resolveCredentials().accessKeyId());
          assertEquals(0, page(dynamo, key("acme")).count());
        });
    assertEquals(2, deployed.aws().recorder().calls("sts:AssumeRole"));
  }

  private QueryResponse page(DynamoDbClient client, Map<String, AttributeValue> after) {
    return client.query(it ->
        it.tableName(placements.homeOf(POOLED).table())
            .keyConditionExpression("pk = :pk")
            .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS("acme")))
            .limit(1)
            .exclusiveStartKey(after.isEmpty() ? null : after));
  }

  @Test
  void whileStsIsAwayAKnownTenantIsServedAndANewOneToldToComeBack() {
    as(POOLED, () -> page(asTenant, Map.of()));
    deployed.aws().sts().gone();
    clock.pass(Duration.ofMinutes(50));
    as(POOLED, () -> page(asTenant, Map.of()));
    as(SILOED, () -> assertThrows(Refused.class, () -> asTenant.listTables()));
    deployed.aws().sts().back();
    clock.pass(Duration.ofSeconds(2));
    as(SILOED, () -> denied(asTenant::listTables));
  }
}
