package dev.partywall.operations.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import dev.partywall.registry.FormerPlacements;
import dev.partywall.registry.RegistryFixture;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.Tiers;
import dev.partywall.tenancy.registry.TenantRegistry.Change;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class AdoptTenantsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  @TempDir private Path folder;

  private final RegistryFixture fixture;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  AdoptTenantsTest(LocalDynamo dynamo) throws IOException {
    fixture = new RegistryFixture(dynamo);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /** Writes a placement record as release 0.1.0 did. */
  private void formerPlacement(String tenant, String placement) {
    var item =
        Map.of(
            "pk", AttributeValue.fromS("placements"),
            "sk", AttributeValue.fromS(tenant),
            "f", AttributeValue.fromN("1"),
            "placement", AttributeValue.fromS(placement));
    fixture.client.putItem(put -> put.tableName(fixture.prefix + "tenants").item(item));
  }

  private int adopt(String... args) {
    var sources =
        new AdoptTenants.Sources(
            () -> FormerPlacements.read(fixture.client, fixture.prefix),
            () -> Set.of(new TenantId("acme"), new TenantId("globex")));
    return new AdoptTenants(fixture.registry, sources, Tiers.BUILT_IN, InstantSource.fixed(NOW))
        .run(List.of(args), new PrintStream(out), new PrintStream(err));
  }

  private String file(String json) throws IOException {
    return Files.writeString(folder.resolve("placements.json"), json).toString();
  }

  private Placement placement(String tenant) {
    return fixture.registry.find(new TenantId(tenant)).orElseThrow().placement();
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
    var acme = fixture.registry.find(new TenantId("acme")).orElseThrow();
    assertEquals("standard", acme.tier());
    assertEquals(1, acme.incarnation());
  }

  @Test
  void aFormerPlacementIsFoundWithOneCall() {
    assertEquals(false, FormerPlacements.exist(fixture.client, fixture.prefix));
    formerPlacement("globex", "silo");
    formerPlacement("hooli", "pool with 4 shards");
    var calls = fixture.proxy.calls().size();
    assertEquals(true, FormerPlacements.exist(fixture.client, fixture.prefix));
    assertEquals(calls + 1, fixture.proxy.calls().size());
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
  void doesNotRegisterADeletedTenantAgain() {
    adopt("--tier", "premium");
    var acme = fixture.registry.find(new TenantId("acme")).orElseThrow();
    var deleted = acme.withStatus(TenantStatus.OFFBOARDED, acme.updatedAt());
    assertEquals(new Change.Replaced(), fixture.registry.replace(deleted));
    out.reset();
    assertEquals(0, adopt());
    assertEquals(
        """
        acme was registered before, and is deleted
        globex was registered before: premium, pool
        """,
        text(out));
    assertEquals(deleted, fixture.registry.find(new TenantId("acme")).orElseThrow());
  }

  @Test
  void registersNoTenantIfTheFileContradictsARecord() throws IOException {
    formerPlacement("globex", "silo");
    assertEquals(2, adopt("--placements", file("{\"globex\":{\"kind\":\"pool\"}}")));
    assertEquals("--placements: globex is in: silo, but the file says: pool\n", text(err));
    assertEquals(true, fixture.registry.find(new TenantId("acme")).isEmpty());
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
