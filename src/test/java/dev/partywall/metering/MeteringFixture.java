package dev.partywall.metering;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static java.util.stream.Collectors.toMap;

import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.commands.ComparableHours;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.CapacityInterceptor;
import dev.partywall.storage.CountedWriteListener;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.DynamoClients;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Meter;
import dev.partywall.storage.Meters;
import dev.partywall.storage.Outcome;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.TestPlacements;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import dev.partywall.tenancy.Overrides;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.Tiers;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A test fixture with its own orders table and ledger. */
public final class MeteringFixture implements AutoCloseable {
  private static final Meter ORDER_METER = new Meters().declare("ordersPlaced");

  /** The meters of the orders service. */
  public static final ServiceMeters METERS = ServiceMeters.of(List.of(ORDER_METER));

  public static final UsageMeter ORDERS_PLACED = METERS.declared().getFirst();

  public final ShiftedClock clock = new ShiftedClock(Instant.parse("2026-11-24T08:59:50Z"));
  public final AtomicLong nanoClock = new AtomicLong();
  public final FaultInjectingClient faultInjector;
  public final DynamoDbClient client;
  public final String prefix;
  public final Ledger ledger;
  public final UncountedHours uncountedHours;
  public final HourlyCounts hourlyCounts;
  public final CountedWrites countedWrites;
  public final DynamoTenantRegistry registry;
  private final Map<TenantId, TenantRecord> records = new HashMap<>();

  public MeteringFixture(LocalDynamo dynamo) throws IOException {
    faultInjector = new FaultInjectingClient(dynamo);
    client = faultInjector.client();
    prefix = dynamo.uniquePrefix();
    new TableProvisioning(client, new TestPlacements(prefix + "orders", Map.of()).schemas())
        .createMissing();
    new TableProvisioning(client, List.of(Ledger.schema(prefix))).createMissing();
    registry = new DynamoTenantRegistry(client, prefix, clock, new SecureRandom());
    ledger = ledger();
    uncountedHours = new UncountedHours(ledger);
    countedWrites = new CountedWrites(client, new TenantLocations(prefix + "orders"));
    hourlyCounts = hourlyCounts(ledger);
  }

  /** Returns the counts of the meters of a ledger. */
  public HourlyCounts hourlyCounts(Ledger countedLedger) {
    return new HourlyCounts(
        countedWrites,
        countedLedger,
        id -> Tenant.of(id, Optional.ofNullable(records.get(id))),
        TestExecution::create);
  }

  /** Returns the rule of reconciliation, after these tenants are registered. */
  public ComparableHours comparableHours(TenantRecord... registered) {
    register(registered);
    return new ComparableHours(registry::find, registry.operations());
  }

  /** Creates the registry's table if it is missing, and registers these tenants. */
  public void register(TenantRecord... tenants) {
    new TableProvisioning(client, List.of(DynamoTenantRegistry.schema(prefix))).createMissing();
    for (var tenant : tenants) {
      records.put(tenant.id(), tenant);
      registry.create(tenant, Optional.empty());
    }
  }

  /** Returns the record of an active tenant in the pool. */
  public static TenantRecord record(TenantId id, String tier, int incarnation) {
    return new TenantRecord(
        id,
        "Name of " + id,
        tier,
        TenantStatus.ACTIVE,
        new Placement.Pool(),
        Overrides.NONE,
        Set.of(),
        Instant.parse("2026-11-01T00:00:00Z"),
        Instant.parse("2026-11-01T00:00:00Z"),
        1,
        incarnation);
  }

  /** Creates a client of the endpoint with the interceptors. */
  public static DynamoDbClient client(URI endpoint, List<ExecutionInterceptor> interceptors) {
    var credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
    return new DynamoClients(
            interceptors,
            (_, _) -> {},
            builder ->
                builder
                    .endpointOverride(endpoint)
                    .region(Region.EU_CENTRAL_1)
                    .credentialsProvider(credentials))
        .build();
  }

  public static Tenant tenant(TenantId id) {
    return new Tenant(id, "standard");
  }

  /** Returns the name of the built-in tier that applies to a tenant. */
  public static String tierName(Tenant tenant) {
    return Tiers.BUILT_IN.of(tenant).name();
  }

  /** Returns the ledger as another instance sees it. */
  public Ledger ledger() {
    return ledger(METERS);
  }

  /** Returns the ledger as a service with these meters sees it. */
  public Ledger ledger(ServiceMeters meters) {
    return new Ledger(client, prefix, meters, clock, new SecureRandom());
  }

  public TenantTable ordersTable(CountedWriteListener listener) {
    return ordersTable(client, listener);
  }

  public TenantTable ordersTable(DynamoDbClient ordersClient, CountedWriteListener listener) {
    var connection =
        new TenantTable.Connection(
            ordersClient,
            new TenantLocations(prefix + "orders"),
            clock,
            new SecureRandom(),
            listener);
    return new TenantTable(() -> connection);
  }

  /** Returns a client whose capacity is metered. */
  public DynamoDbClient meteredClient(RequestMeter meter) {
    return faultInjector.client(List.of(new CapacityInterceptor(meter)));
  }

  /** Places an order for the tenant. Its id sorts after all time-sorted ids. */
  public static Outcome placeOrder(TenantTable orders, TenantId tenant) {
    return placeOrder(orders, tenant, "z" + UUID.randomUUID());
  }

  /** Places an order with this id for the tenant. */
  public static Outcome placeOrder(TenantTable orders, TenantId tenant, String id) {
    return placeOrder(orders, tenant(tenant), id);
  }

  /** Places an order with this id for the incarnation of the tenant. */
  public static Outcome placeOrder(TenantTable orders, Tenant tenant, String id) {
    var order = Item.of(new Key("order", id), "{}");
    var write = Write.put(order, new WriteCondition.Absent()).countedBy(ORDER_METER);
    return TenantContext.call(tenant, () -> orders.write(write));
  }

  /** Returns the amount of a measure in an hour, from the ledger. */
  public long ledgerAmount(TenantId tenant, Instant hour, UsageMeter measure) {
    return ledger.usage(first(tenant), hour, hour.plusSeconds(1)).stream()
        .mapToLong(usage -> usage.amounts().steps(measure))
        .sum();
  }

  /** Returns the number in an attribute of an hour's item in the ledger. */
  public Optional<String> ledgerAttribute(TenantId tenant, Instant hour, String attribute) {
    var key =
        Map.of(
            "pk", AttributeValue.fromS(tenant.value()),
            "sk", AttributeValue.fromS("hour#" + hour.toString().substring(0, 13)));
    var item =
        client.getItem(get -> get.tableName(prefix + "usage").key(key).consistentRead(true)).item();
    return Optional.ofNullable(item.get(attribute)).map(AttributeValue::n);
  }

  /** Returns all of the tenant's usage in the ledger. */
  List<Usage> ledgerUsage(TenantId tenant) {
    return ledger.usage(first(tenant), Instant.EPOCH, clock.instant().plusSeconds(1));
  }

  /** Returns the number of the tenant's orders by hour, from the ledger. */
  Map<Instant, Long> ordersPlaced(TenantId tenant) {
    return ledgerUsage(tenant).stream()
        .filter(usage -> usage.amounts().steps(ORDERS_PLACED) > 0)
        .collect(toMap(Usage::hour, usage -> usage.amounts().steps(ORDERS_PLACED)));
  }

  /** Returns the hour of each order in the tenant's table, from the order's own timestamp. */
  Map<String, Instant> hoursByOrder(TenantId tenant) {
    return items(tenant, "order#").stream()
        .map(item -> Json.parse(text(item, "doc").getBytes(StandardCharsets.UTF_8)))
        .collect(
            toMap(
                order -> order.get("id").textValue(),
                order -> Usage.startOfHour(Instant.parse(order.get("createdAt").textValue()))));
  }

  /**
   * Returns the hour of each order in the tenant's table, from its count marker. Fails if an order
   * has two markers.
   */
  Map<String, Instant> hoursByMarker(TenantId tenant) {
    return items(tenant, ".mark#ordersPlaced#").stream()
        .map(item -> text(item, "sk").split("#"))
        .collect(toMap(parts -> parts[3], parts -> Instant.parse(parts[2] + ":00:00Z")));
  }

  /** Queries the items directly, without the product's read path. */
  private List<Map<String, AttributeValue>> items(TenantId tenant, String sortPrefix) {
    return client
        .queryPaginator(query ->
            query
                .tableName(prefix + "orders")
                .consistentRead(true)
                .keyConditionExpression("pk = :pk AND begins_with(sk, :start)")
                .expressionAttributeValues(
                    Map.of(
                        ":pk", AttributeValue.fromS(tenant.value()),
                        ":start", AttributeValue.fromS(sortPrefix))))
        .items()
        .stream()
        .toList();
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    return Objects.requireNonNull(item.get(name), name).s();
  }

  @Override
  public void close() throws IOException {
    client.close();
    faultInjector.close();
  }
}
