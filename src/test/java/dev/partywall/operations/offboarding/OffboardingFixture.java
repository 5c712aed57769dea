package dev.partywall.operations.offboarding;

import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.counting.OpenHours;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.ledger.UncountedHours.HourMark;
import dev.partywall.metering.meter.Usage;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.TestOwners;
import dev.partywall.operations.receipt.DeletionResult;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.Schema;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TestPlacements;
import dev.partywall.storage.silo.SiloDeletion;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.TestExecution;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** A test fixture with the tables of a service, and with tenants to delete. */
final class OffboardingFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-28T09:30:00.123Z");
  static final String HOUR = "2026-11-28T08";
  private static final int MAX_BATCH = 25;

  final ShiftedClock clock = new ShiftedClock(NOW);
  final AtomicReference<List<String>> waitingFor = new AtomicReference<>(List.of());
  final AtomicReference<Optional<Duration>> clockDifference =
      new AtomicReference<>(Optional.of(Duration.ofSeconds(1)));

  /** Time passes with each call, so no pause takes time. */
  final AtomicLong paceStep = new AtomicLong(1_000_000_000);

  private final AtomicLong paceClock = new AtomicLong();
  final OperationPace pace = new OperationPace(1_000, () -> paceClock.addAndGet(paceStep.get()));
  final DynamoDbClient client;
  final DynamoDbClient seeding;
  final TenantLocations locations;
  final DynamoTenantRegistry registry;
  final OperationStore operations;
  private final String prefix;

  OffboardingFixture(LocalDynamo dynamo) {
    this(dynamo, dynamo.endpoint());
  }

  /** Creates the tables through that endpoint, which all instances use. */
  OffboardingFixture(LocalDynamo dynamo, URI endpoint) {
    this.prefix = dynamo.uniquePrefix();
    this.seeding = dynamo.client();
    this.client = MeteringFixture.client(endpoint, List.of());
    this.locations = new TenantLocations(prefix + "orders");
    // No time to live: the engine would delete expired items by its own clock.
    new TableProvisioning(
            client,
            List.of(
                new Schema(prefix + "orders", TenantLocation.INDEXES, false),
                Schema.ofService(Ledger.schema(prefix).table(), false),
                Schema.ofService(DynamoTenantRegistry.schema(prefix).table(), false)))
        .createMissing();
    this.registry = registry(client);
    this.operations = registry.operations();
  }

  private DynamoTenantRegistry registry(DynamoDbClient own) {
    return new DynamoTenantRegistry(own, prefix, clock, new SecureRandom());
  }

  private Ledger ledger(DynamoDbClient own) {
    return new Ledger(own, prefix, MeteringFixture.METERS, clock, new SecureRandom());
  }

  /** Registers a suspended tenant, and begins its offboarding without a retention. */
  TenantId offboard(String id, Placement placement) {
    return offboard(id, placement, Duration.ZERO);
  }

  /** Registers a suspended tenant, and begins its offboarding with that retention. */
  TenantId offboard(String id, Placement placement, Duration retention) {
    var tenant = new TenantId(id);
    var record = TestPlacements.registration(tenant, placement);
    if (!(registry.create(record, Optional.empty()) instanceof Creation.Created)) {
      throw new IllegalStateException("the tenant exists already");
    }
    var suspended = record.withStatus(TenantStatus.SUSPENDED, NOW);
    registry.replace(suspended);
    operations.begin(
        Offboarding.begin(suspended, UUID.randomUUID().toString(), "olga", NOW, retention),
        suspended,
        suspended.withStatus(TenantStatus.OFFBOARDING, NOW));
    return tenant;
  }

  /** Creates the table of a tenant in a silo, protected against deletion. */
  String createSilo(TenantId tenant) {
    var table = location(tenant).table();
    new TableProvisioning(client, List.of(new Schema(table, TenantLocation.INDEXES, false)))
        .createMissing();
    client.updateTable(update -> update.tableName(table).deletionProtectionEnabled(true));
    return table;
  }

  /**
   * Stores items of a tenant: orders with index keys, notes, count marks of an hour that is not
   * counted yet, and items with an expiry.
   */
  void store(TenantId tenant, int orders, int notes, int marks, int expiring) {
    var items = new ArrayList<Map<String, AttributeValue>>();
    for (var i = 0; i < orders; i++) {
      var order = item(tenant, "order", "o-%05d".formatted(i));
      order.put("i1", AttributeValue.fromS("order#placed#" + i));
      order.put("i2", AttributeValue.fromS("order#u-17#" + i));
      items.add(order);
    }
    for (var i = 0; i < notes; i++) {
      items.add(item(tenant, "note", "n-%05d".formatted(i)));
    }
    for (var i = 0; i < marks; i++) {
      items.add(item(tenant, ".mark#ordersPlaced#" + HOUR, "o-%05d".formatted(i)));
    }
    for (var i = 0; i < expiring; i++) {
      var record = item(tenant, "idempotency", "k-%05d".formatted(i));
      record.put("ttl", AttributeValue.fromN("1796000000"));
      items.add(record);
    }
    for (var i = 0; i < items.size(); i += MAX_BATCH) {
      put(tenant, items.subList(i, Math.min(items.size(), i + MAX_BATCH)));
    }
    if (marks > 0) {
      var hour = new Usage.TenantHour(tenant, Instant.parse(HOUR + ":00:00Z"));
      new UncountedHours(ledger(client)).mark(new HourMark(hour, UUID.randomUUID()));
    }
  }

  private Map<String, AttributeValue> item(TenantId tenant, String collection, String id) {
    var item = new HashMap<String, AttributeValue>();
    item.put("pk", AttributeValue.fromS(location(tenant).partitionKeyOf(id)));
    item.put("sk", AttributeValue.fromS(collection + "#" + id));
    item.put("f", AttributeValue.fromN("1"));
    item.put("v", AttributeValue.fromN("1"));
    item.put("doc", AttributeValue.fromS("{}"));
    return item;
  }

  TenantLocation location(TenantId tenant) {
    return locations.of(new Tenant(registry.find(tenant).orElseThrow()));
  }

  private void put(TenantId tenant, List<Map<String, AttributeValue>> items) {
    var writes =
        items.stream()
            .map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build())
            .toList();
    seeding.batchWriteItem(batch -> batch.requestItems(Map.of(location(tenant).table(), writes)));
  }

  /** An instance of the service whose writes pass a hook. Its own clock never ends a lease. */
  final class Instance {
    private final OffboardingSteps steps;
    private final OwnedOperation owned;

    private Instance(TenantId tenant, WriteHook hook) {
      var hooked = hook.on(client);
      LongSupplier nanoTime = () -> 0;
      var own = registry(hooked);
      this.steps =
          new OffboardingSteps(
              new OffboardingSteps.Storage(
                  hooked, locations, Optional.of(new SiloDeletion(hooked)), pace),
              new OffboardingSteps.Coordination(
                  _ -> waitingFor.get(), clockDifference::get, nanoTime),
              () -> openHours(hooked),
              OffboardingFixture::receipt,
              clock);
      this.owned = TestOwners.takeOver(own, own.operations(), tenant, nanoTime);
    }

    private OpenHours openHours(DynamoDbClient hooked) {
      var counts =
          new HourlyCounts(
              new CountedWrites(hooked, locations),
              ledger(hooked),
              id -> new Tenant(registry.find(id).orElseThrow()),
              TestExecution::create);
      return new OpenHours(new UncountedHours(ledger(hooked)), counts);
    }

    /** Executes one step. */
    Step step() {
      return TestOwners.step(steps, owned);
    }

    /** Executes the steps up to the end. */
    void finish() {
      for (var result = step(); result != Step.ENDED; result = step()) {
        Thread.onSpinWait();
      }
    }

    OffboardingSteps steps() {
      return steps;
    }
  }

  /** Takes the tenant's operation over. */
  Instance takeOver(TenantId tenant, WriteHook hook) {
    return new Instance(tenant, hook);
  }

  /** Takes the tenant's operation over. */
  Instance takeOver(TenantId tenant) {
    return takeOver(tenant, call -> call.get());
  }

  /** Returns the result of a deletion in a form that tests compare. */
  private static String receipt(Operation operation, DeletionResult result) {
    return operation.tenant()
        + " "
        + result.tables()
        + " "
        + result.keysSha256()
        + " "
        + result.verifiedEmptyAt().size();
  }

  /** Returns the receipt of a tenant; empty if it has none. */
  Optional<String> receipt(TenantId tenant) {
    return operations.document(tenant, ".receipt#1").map(document -> document.get("jws"));
  }

  /** Returns everything that is stored about a tenant, in all tables. */
  List<Map<String, AttributeValue>> stored(TenantId tenant) {
    return Stream.of(items(prefix + "tenants", tenant.value()), hours(tenant), items(tenant))
        .flatMap(List::stream)
        .toList();
  }

  /** Returns the items of a tenant, of all its partitions. */
  List<Map<String, AttributeValue>> items(TenantId tenant) {
    var location = location(tenant);
    return location.partitionKeys().stream()
        .flatMap(key -> items(location.table(), key).stream())
        .toList();
  }

  /** Returns the marks of the open hours of all tenants. */
  List<HourMark> openHours() {
    return new UncountedHours(ledger(client)).marks();
  }

  private List<Map<String, AttributeValue>> hours(TenantId tenant) {
    return items(prefix + "usage", tenant.value());
  }

  /** Returns the number of orders that the ledger has counted for the hour. */
  long counted(TenantId tenant) {
    return ledger(client)
        .usage(tenant, Instant.parse(HOUR + ":00:00Z"), Instant.parse(HOUR + ":59:59Z"))
        .stream()
        .mapToLong(usage -> usage.amounts().steps(MeteringFixture.ORDERS_PLACED))
        .sum();
  }

  private List<Map<String, AttributeValue>> items(String table, String partition) {
    return client
        .queryPaginator(query ->
            query
                .tableName(table)
                .consistentRead(true)
                .keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition))))
        .items()
        .stream()
        .toList();
  }

  @Override
  public void close() {
    client.close();
    seeding.close();
  }
}
