package dev.partywall.storage;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Separate tables for one test, with several tenants that have the placement under test. */
public final class TableFixture implements AutoCloseable {
  /** Ids that are prefixes of each other, or resemble shard names. */
  public static final List<TenantId> TENANTS =
      List.of(
          new TenantId("acme"),
          new TenantId("acme2"),
          new TenantId("acme-0"),
          new TenantId("globex"));

  public static final TenantId ACME = TENANTS.getFirst();

  public final ShiftedClock clock = new ShiftedClock(Instant.parse("2026-11-24T08:59:59.900Z"));
  public final FaultInjectingClient proxy;
  public final DynamoDbClient client;
  public final TestPlacements placements;
  public final TenantTable.Connection connection;
  public final TenantTable table;

  public TableFixture(LocalDynamo dynamo, PlacementKind kind) throws IOException {
    this(dynamo, kind, _ -> {});
  }

  public TableFixture(LocalDynamo dynamo, PlacementKind kind, CountedWriteListener listener)
      throws IOException {
    proxy = new FaultInjectingClient(dynamo);
    client = proxy.client();
    placements = kind.placementsOf(dynamo.uniquePrefix(), TENANTS);
    // No time to live: the engine would delete expired items by its own clock.
    // Uses a client without the service's short timeouts: the engine's first table takes long.
    try (var setupClient = dynamo.client()) {
      placements.schemas().forEach(schema -> setupClient.createTable(schema.createRequest()));
    }
    connection =
        new TenantTable.Connection(
            client, placements.locations(), clock, new SecureRandom(), listener);
    table = new TenantTable(() -> connection);
  }

  /** Runs the task with that tenant bound. */
  public <T> T as(TenantId tenant, Supplier<T> task) {
    return TenantContext.call(placements.tenant(tenant), task::get);
  }

  /** Runs the task with acme bound. */
  public <T> T as(Supplier<T> task) {
    return as(ACME, task);
  }

  @Override
  public void close() throws IOException {
    client.close();
    proxy.close();
  }
}
