package dev.partywall.registry;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.Schema;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A test fixture with a registry in a table of its own. */
public final class RegistryFixture implements AutoCloseable {
  public static final TenantId ACME = new TenantId("acme");
  public static final TenantId GLOBEX = new TenantId("globex");
  public static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  public final ShiftedClock clock = new ShiftedClock(NOON);
  public final AtomicLong nanoClock = new AtomicLong(1_000_000_000L);

  /** The time by which the clocks of all instances are ahead of that of the registry. */
  public final AtomicReference<Optional<Duration>> clockDifference =
      new AtomicReference<>(Optional.of(Duration.ZERO));

  /** The effect of another request, between a read of a record and its change. */
  public final AtomicReference<Runnable> afterRead = new AtomicReference<>(() -> {});

  public final FaultInjectingClient proxy;
  public final DynamoDbClient client;
  public final String prefix;
  public final DynamoTenantRegistry registry;

  public RegistryFixture(LocalDynamo dynamo) throws IOException {
    proxy = new FaultInjectingClient(dynamo);
    client = proxy.client();
    prefix = dynamo.uniquePrefix();
    // No time to live: the engine would delete expired items by its own clock.
    var schema = Schema.ofService(DynamoTenantRegistry.schema(prefix).table(), false);
    new TableProvisioning(client, List.of(schema)).createMissing();
    registry = new DynamoTenantRegistry(client, prefix, clock, new SecureRandom());
  }

  /** Returns the registry. After a read of a record, it executes {@link #afterRead} once. */
  public TenantRegistry hooked() {
    return (TenantRegistry)
        Proxy.newProxyInstance(
            TenantRegistry.class.getClassLoader(),
            new Class<?>[] {TenantRegistry.class},
            (_, method, arguments) -> {
              var result = call(method, arguments);
              if (method.getName().equals("find")) {
                afterRead.getAndSet(() -> {}).run();
              }
              return result;
            });
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(registry, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Returns an active tenant of the tier {@code free}, version 1. */
  public static TenantRecord tenant(TenantId id) {
    return new TenantRecord(
        id,
        "The tenant " + id,
        "free",
        TenantStatus.ACTIVE,
        new Placement.Pool(),
        Overrides.NONE,
        Set.of(),
        NOON,
        NOON,
        1,
        1);
  }

  /** Returns the next version of a tenant, with that status. */
  public static TenantRecord next(TenantRecord tenant, TenantStatus status) {
    return next(tenant, status, tenant.issuers());
  }

  /** Returns the next version of a tenant, with those issuers. */
  public static TenantRecord next(TenantRecord tenant, Set<String> issuers) {
    return next(tenant, tenant.status(), issuers);
  }

  private static TenantRecord next(TenantRecord tenant, TenantStatus status, Set<String> issuers) {
    return new TenantRecord(
        tenant.id(),
        tenant.name(),
        tenant.tier(),
        status,
        tenant.placement(),
        tenant.overrides(),
        issuers,
        tenant.createdAt(),
        NOON.plusSeconds(1),
        tenant.version() + 1,
        tenant.incarnation());
  }

  /** Returns all items of a partition, in the order of their sort keys. */
  List<Map<String, AttributeValue>> items(String partition) {
    return client
        .queryPaginator(query ->
            query
                .tableName(prefix + "tenants")
                .consistentRead(true)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition))))
        .items()
        .stream()
        .toList();
  }

  /** Stores an item directly. */
  void put(Map<String, AttributeValue> item) {
    client.putItem(put -> put.tableName(prefix + "tenants").item(item));
  }

  @Override
  public void close() throws IOException {
    client.close();
    proxy.close();
  }
}
