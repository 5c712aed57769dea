package dev.partywall.operations.offboarding;

import static dev.partywall.metering.meter.MeteredTenant.first;

import dev.partywall.error.ApiException;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.counting.HourlyCounts;
import dev.partywall.metering.counting.OpenHours;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.ledger.UncountedHours.HourMark;
import dev.partywall.metering.meter.Usage;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.PacedCalls;
import dev.partywall.operations.lifecycle.RecordedSteps;
import dev.partywall.operations.lifecycle.TestOwners;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.Attributes;
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
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry.Creation;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
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

/** A test fixture with the tables of a service, and with tenants to delete. */
final class OffboardingFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-28T09:30:00.123Z");

  static final String HOUR = "2026-11-28T08";

  final ShiftedClock clock = new ShiftedClock(NOW);
  final AtomicReference<List<String>> waitingFor = new AtomicReference<>(List.of());
  final AtomicReference<Optional<Duration>> clockDifference =
      new AtomicReference<>(Optional.of(Duration.ofSeconds(1)));

  /** Time passes with each call, so no pause takes time. */
  final AtomicLong paceStep = new AtomicLong(1_000_000_000);

  final RecordedSteps entries = new RecordedSteps();
  private final AtomicLong paceClock = new AtomicLong();
  final OperationPace pace = new OperationPace(1_000, () -> paceClock.addAndGet(paceStep.get()));
  private final PacedCalls calls = new PacedCalls(pace, () -> -1); // pauses below a microsecond
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
    // Uses a client without the service's short timeouts: the engine's first table takes long.
    new TableProvisioning(
            seeding,
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
    return offboard(id, placement, retention, TenantStatus.SUSPENDED);
  }

  TenantId offboardFailed(String id) {
    return offboard(id, new Placement.Silo(), Duration.ZERO, TenantStatus.FAILED);
  }

  private TenantId offboard(
      String id, Placement placement, Duration retention, TenantStatus status) {
    var tenant = new TenantId(id);
    var record = TestPlacements.registration(tenant, placement);
    if (!(registry.create(record, Optional.empty()) instanceof Creation.Created)) {
      throw new IllegalStateException("the tenant exists already");
    }
    var before = record.withStatus(status, NOW);
    registry.replace(before);
    operations.begin(
        Offboarding.begin(before, UUID.randomUUID().toString(), "olga", NOW, retention),
        before,
        before.withStatus(TenantStatus.OFFBOARDING, NOW));
    return tenant;
  }

  void storeDocument(TenantId tenant, String name) {
    var item = Attributes.keyAndFormat(tenant.value(), name);
    client.putItem(put -> put.tableName(prefix + "tenants").item(item));
  }

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
    new SampleItems(seeding, location(tenant)).store(orders, notes, marks, expiring);
    if (marks > 0) {
      var hour = new Usage.TenantHour(first(tenant), Instant.parse(HOUR + ":00:00Z"));
      new UncountedHours(ledger(client)).mark(new HourMark(hour, UUID.randomUUID()));
    }
  }

  TenantLocation location(TenantId tenant) {
    return locations.of(new Tenant(registry.find(tenant).orElseThrow()));
  }

  /** An instance of the service whose writes pass a hook. Its own clock never ends a lease. */
  final class Instance {
    private final OffboardingSteps steps;
    private final OwnedOperation owned;

    private Instance(TenantId tenant, DynamoDbClient registryClient, DynamoDbClient hooked) {
      LongSupplier nanoTime = () -> 0;
      var own = registry(registryClient);
      this.steps =
          new OffboardingSteps(
              new OffboardingSteps.Storage(
                  hooked, locations, Optional.of(new SiloDeletion(hooked)), calls),
              new OffboardingSteps.Coordination(_ -> waitingFor.get(), nanoTime),
              () -> openHours(hooked),
              Optional.of(ReceiptText::of),
              entries,
              new CheckedClock(clock, clockDifference::get));
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

    Step step() {
      return TestOwners.step(steps, owned);
    }

    /** Executes the steps up to the end. A step is repeated if a dependency is unavailable. */
    void finishWithRepetitions() {
      var result = Step.CONTINUE;
      while (result != Step.ENDED) {
        try {
          result = step();
        } catch (ApiException _) {
          result = Step.CONTINUE;
        }
      }
    }

    /** Executes the steps up to the end. */
    void finish() {
      while (step() != Step.ENDED) {
        // The next step continues the work.
      }
    }

    OffboardingSteps steps() {
      return steps;
    }

    Optional<String> obstacle() {
      return steps.obstacle(owned.operation(), owned.tenant());
    }
  }

  /** Takes the tenant's operation over. All writes pass the hook. */
  Instance takeOver(TenantId tenant, WriteHook hook) {
    var hooked = hook.on(client);
    return new Instance(tenant, hooked, hooked);
  }

  /** Takes the tenant's operation over. All writes except those of the registry pass the hook. */
  Instance takeOverWithHookedTables(TenantId tenant, WriteHook hook) {
    return new Instance(tenant, client, hook.on(client));
  }

  Instance takeOver(TenantId tenant) {
    return takeOver(tenant, call -> call.get());
  }

  /** Returns the receipt of a tenant; empty if it has none. */
  Optional<String> receipt(TenantId tenant) {
    return operations.document(tenant, ".receipt#1").map(document -> document.get("jws"));
  }

  /** Returns everything that is stored about a tenant, in all tables. */
  List<Map<String, AttributeValue>> stored(TenantId tenant) {
    return Stream.of(
            items(prefix + "tenants", tenant.value()),
            items(prefix + "usage", tenant.value()),
            items(tenant))
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

  /** Returns the number of orders that the ledger has counted for the hour. */
  long counted(TenantId tenant) {
    return ledger(client)
        .usage(first(tenant), Instant.parse(HOUR + ":00:00Z"), Instant.parse(HOUR + ":59:59Z"))
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
