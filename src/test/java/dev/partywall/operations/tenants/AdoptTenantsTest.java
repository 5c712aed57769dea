package dev.partywall.operations.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.registry.FormerPlacements;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.Tiers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class AdoptTenantsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  @TempDir private Path folder;

  private final DynamoDbClient client;
  private final String prefix;
  private final DynamoTenantRegistry registry;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  AdoptTenantsTest(LocalDynamo dynamo) {
    client = dynamo.client();
    prefix = dynamo.uniquePrefix();
    client.createTable(table ->
        table
            .tableName(prefix + "tenants")
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(attribute("pk"), attribute("sk"))
            .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)));
    registry =
        new DynamoTenantRegistry(client, prefix, InstantSource.fixed(NOW), new SecureRandom());
  }

  private static AttributeDefinition attribute(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  @AfterEach
  void close() {
    client.close();
  }

  /** Writes a placement record as release 0.1.0 did. */
  private void formerPlacement(String tenant, String placement) {
    var item =
        Map.of(
            "pk", AttributeValue.fromS("placements"),
            "sk", AttributeValue.fromS(tenant),
            "f", AttributeValue.fromN("1"),
            "placement", AttributeValue.fromS(placement));
    client.putItem(put -> put.tableName(prefix + "tenants").item(item));
  }

  private int adopt(String... args) {
    var sources =
        new AdoptTenants.Sources(
            () -> FormerPlacements.read(client, prefix),
            () -> Set.of(new TenantId("acme"), new TenantId("globex")));
    return new AdoptTenants(registry, sources, Tiers.BUILT_IN, InstantSource.fixed(NOW))
        .run(List.of(args), new PrintStream(out), new PrintStream(err));
  }

  private String file(String json) throws IOException {
    return Files.writeString(folder.resolve("placements.json"), json).toString();
  }

  private Placement placement(String tenant) {
    return registry.find(new TenantId(tenant)).orElseThrow().placement();
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  @Test
  void registersTheTenantsOfRecordsFileAndLedger() throws IOException {
    formerPlacement("globex", "silo");
    formerPlacement("hooli", "pool with 4 shards");
    var file =
        file("{\"initech\":{\"kind\":\"pool\",\"shards\":2},\"globex\":{\"kind\":\"silo\"}}");
    assertEquals(0, adopt("--placements", file, "--tier", "standard"), () -> text(err));
    assertEquals(
        """
        acme registered: standard, pool
        globex registered: standard, silo
        hooli registered: standard, pool with 4 shards
        initech registered: standard, pool with 2 shards
        """,
        text(out));
    assertEquals(new Placement.Pool(), placement("acme"));
    assertEquals(new Placement.Silo(), placement("globex"));
    assertEquals(new Placement.ShardedPool(4), placement("hooli"));
    assertEquals(new Placement.ShardedPool(2), placement("initech"));
    var acme = registry.find(new TenantId("acme")).orElseThrow();
    assertEquals("standard", acme.tier());
    assertEquals(1, acme.incarnation());
  }

  @Test
  void aRepetitionChangesNothing() {
    adopt("--tier", "premium");
    out.reset();
    assertEquals(0, adopt());
    assertEquals(
        "acme was registered before: premium, pool\nglobex was registered before: premium, pool\n",
        text(out));
  }

  @Test
  void registersNoTenantIfTheFileContradictsARecord() throws IOException {
    formerPlacement("globex", "silo");
    assertEquals(2, adopt("--placements", file("{\"globex\":{\"kind\":\"pool\"}}")));
    assertEquals("--placements: globex is in: silo, but the file says: pool\n", text(err));
    assertEquals(true, registry.find(new TenantId("acme")).isEmpty());
  }

  @Test
  void reportsAllFaultsOfTheOptions() throws IOException {
    var file = file("{\"Acme\":{\"kind\":\"cloud\"}}");
    assertEquals(2, adopt("--tier", "gold", "--placements", file));
    assertEquals(
        """
        --tier: must be one of free, premium, standard
        --placements: /Acme: not a tenant id
        --placements: /Acme/kind: must be pool or silo
        """,
        text(err));
  }
}
