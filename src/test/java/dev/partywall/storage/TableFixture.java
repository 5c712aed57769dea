package dev.partywall.storage;

import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Tables of their own for one test, in which some tenants live in the way that is tried. */
public final class TableFixture implements AutoCloseable {
  /** Names that are prefixes and look-alikes of each other and of shards. */
  public static final List<TenantId> TENANTS =
      List.of(
          new TenantId("acme"),
          new TenantId("acme2"),
          new TenantId("acme-0"),
          new TenantId("globex"));

  public static final TenantId ACME = TENANTS.getFirst();

  public final MovedClock clock = new MovedClock(Instant.parse("2026-11-24T08:59:59.900Z"));
  public final Between between;
  public final DynamoDbClient client;
  public final Placements placements;
  public final TenantTable table;

  public TableFixture(LocalDynamo dynamo, Living living) throws IOException {
    this(dynamo, living, MarkListener.NONE);
  }

  public TableFixture(LocalDynamo dynamo, Living living, MarkListener marks) throws IOException {
    between = new Between(dynamo);
    client = between.client();
    placements = living.of(dynamo.freshPrefix(), TENANTS);
    // Without a time to live: the engine would delete what has expired by its clock, not by ours.
    // And not by the service's client, which is in a hurry: the engine's first table takes a while.
    try (var patient = dynamo.client()) {
      placements.tables().forEach(name -> patient.createTable(Schema.create(name)));
    }
    table = new TenantTable(client, placements, clock, new SecureRandom(), marks);
  }

  /** Does it for that tenant. */
  public static <T> T as(TenantId tenant, Supplier<T> work) {
    return TenantContext.call(new Tenant(tenant, "free"), work::get);
  }

  /** Does it for acme. */
  public static <T> T as(Supplier<T> work) {
    return as(ACME, work);
  }

  @Override
  public void close() throws IOException {
    client.close();
    between.close();
  }
}
