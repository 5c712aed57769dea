package dev.partywall.operations.transfer;

import dev.partywall.concurrent.Conditions;
import dev.partywall.error.ApiException;
import dev.partywall.http.Sha256;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.lifecycle.CheckedClock;
import dev.partywall.operations.lifecycle.OperationPace;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnedOperation;
import dev.partywall.operations.lifecycle.TestOwners;
import dev.partywall.operations.offboarding.WriteHook;
import dev.partywall.registry.DynamoTenantRegistry;
import dev.partywall.storage.IndexKeys;
import dev.partywall.storage.Key;
import dev.partywall.storage.Schema;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.storage.TableProvisioning;
import dev.partywall.storage.TestPlacements;
import dev.partywall.storage.content.ContentPages;
import dev.partywall.storage.content.ImportPart;
import dev.partywall.storage.content.ImportParts;
import dev.partywall.storage.content.ProgressItem;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.RequestGenerations;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A test fixture with tenants, and with imports whose steps a test executes. */
final class ImportFixture implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-28T09:30:00.123Z");

  /**
   * With the greatest random value, the pauses before repetitions are shorter than a microsecond.
   */
  private static final RandomGenerator NO_PAUSES = () -> -1;

  final ShiftedClock clock = new ShiftedClock(NOW);
  final DynamoDbClient client;
  private final DynamoDbClient seeding;
  final TenantLocations locations;
  final DynamoTenantRegistry registry;
  final OperationStore operations;
  final List<String> audited = new ArrayList<>();

  /** Is run by each wait for the output of audit entries. */
  Runnable output = () -> {};

  /** Instances that have not acknowledged the import. */
  List<String> waitingFor = List.of();

  final RequestGenerations requests = new RequestGenerations(System::nanoTime);

  /** Time passes with each reading, so no pause takes time. */
  final AtomicLong paceStep = new AtomicLong(1_000_000_000);

  /** The items of a page. A test that interrupts each write needs few. */
  int pageItems = ContentPages.MAX_ITEMS;

  private final AtomicLong paceClock = new AtomicLong();
  final OperationPace pace = new OperationPace(1_000, () -> paceClock.addAndGet(paceStep.get()));
  private final String prefix;

  ImportFixture(LocalDynamo dynamo) {
    this(dynamo, dynamo.client());
  }

  /** Creates the tables without that client, which all instances use. */
  ImportFixture(LocalDynamo dynamo, DynamoDbClient client) {
    this.prefix = dynamo.uniquePrefix();
    this.client = client;
    this.locations = new TenantLocations(prefix + "orders");
    this.seeding = dynamo.client();
    // No time to live: the engine would delete expired items by its own clock.
    new TableProvisioning(
            seeding,
            List.of(
                new Schema(prefix + "orders", TenantLocation.INDEXES, false),
                Schema.ofService(DynamoTenantRegistry.schema(prefix).table(), false)))
        .createMissing();
    this.registry = new DynamoTenantRegistry(client, prefix, clock, new SecureRandom());
    this.operations = registry.operations();
  }

  TenantId register(String id, Placement placement) {
    var tenant = new TenantId(id);
    registry.create(TestPlacements.registration(tenant, placement), Optional.empty());
    return tenant;
  }

  /** Returns orders with index keys, in the order of their ids. */
  static List<StoredItem> orders(int count, String document) {
    var orders = new ArrayList<StoredItem>();
    for (var i = 0; i < count; i++) {
      orders.add(
          new StoredItem(
              new Key("order", "o%04d".formatted(i)),
              i + 1,
              Optional.of(new IndexKeys("placed", "u-17.placed")),
              document));
    }
    return orders;
  }

  static byte[] file(String tenant, List<StoredItem> items) {
    var lines = new StringBuilder();
    lines.append(
        text(
            new ExportFormat.Header("orders", tenant, 1, Instant.parse("2026-11-28T09:00:00Z"))
                .line()));
    var counts = new TreeMap<String, Long>();
    for (var item : items) {
      lines.append(text(ExportFormat.line(item)));
      counts.merge(item.key().collection(), 1L, Long::sum);
    }
    var hash = Sha256.hex(lines.toString().getBytes(StandardCharsets.UTF_8));
    lines.append(text(new ExportFormat.Trailer(counts, hash).line()));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  Tenant tenant(TenantId id) {
    return new Tenant(registry.find(id).orElseThrow());
  }

  /** Writes items as business code does. */
  void store(TenantId tenant, List<StoredItem> items) {
    var location = locations.of(tenant(tenant));
    for (var item : items) {
      seeding.putItem(put -> put.tableName(location.table()).item(item.attributes(location)));
    }
  }

  /** Writes an item of the kernel, or an item that expires. */
  void store(TenantId tenant, Map<String, AttributeValue> attributes) {
    seeding.putItem(put -> put.tableName(locations.of(tenant(tenant)).table()).item(attributes));
  }

  /** Opens an import. */
  Operation open(TenantId tenant, boolean clone, boolean replace, boolean wasEmpty) {
    var record = registry.find(tenant).orElseThrow();
    var operation =
        Operation.begun(
                record,
                OperationKind.IMPORT,
                UUID.randomUUID().toString(),
                ImportState.RECEIVING,
                "olga",
                NOW)
            .with(ImportState.CLONE, Boolean.toString(clone))
            .with(ImportState.REPLACE, Boolean.toString(replace))
            .with(ImportState.WAS_EMPTY, Boolean.toString(wasEmpty));
    operations.begin(operation, record, record.withOperation(Optional.of(OperationKind.IMPORT)));
    return operations.find(tenant).orElseThrow();
  }

  /** Stores the file in parts, which end at any byte, and begins the completion. */
  void complete(TenantId tenant, byte[] file, int partCount) {
    var operation = operations.find(tenant).orElseThrow();
    TenantContext.run(
        tenant(tenant),
        () -> {
          var parts = new ImportParts(client, locations, new SecureRandom());
          var fence = new ProgressItem(client, locations).find();
          for (var i = partCount - 1; i >= 0; i--) {
            var part =
                Arrays.copyOfRange(
                    file, i * file.length / partCount, (i + 1) * file.length / partCount);
            parts.putChunk("u" + i, i + 1, 0, part);
            parts.complete(
                new ImportPart(operation.id(), i + 1, "hash", part.length, 1, "u" + i), fence);
          }
        });
    operations.update(operation, ImportState.completing(operation));
  }

  /** Returns the context of an instance. */
  ImportContext context(DynamoDbClient used) {
    return new ImportContext(
        "orders",
        Set.of("order"),
        used,
        locations,
        pace,
        _ -> waitingFor,
        requests,
        new RecordedAudit(audited, () -> output.run()),
        new CheckedClock(clock, () -> Optional.of(Duration.ZERO)),
        pageItems,
        NO_PAUSES);
  }

  /** Returns whether the import has a next step before a request changes it. */
  static boolean isRunning(Operation operation) {
    return !operation.state().equals(ImportState.RECEIVING)
        || ImportState.failureType(operation).isEmpty();
  }

  /** An instance of the service whose writes pass a hook. Its own clock never ends a lease. */
  final class Instance {
    private final ImportSteps steps;
    private final TenantId tenant;
    private OwnedOperation owned;

    private Instance(TenantId tenant, WriteHook hook) {
      var hooked = hook.on(client);
      this.tenant = tenant;
      var own = new DynamoTenantRegistry(hooked, prefix, clock, new SecureRandom());
      this.steps = new ImportSteps(context(hooked));
      this.owned = TestOwners.takeOver(own, own.operations(), tenant, () -> 0);
    }

    Step step() {
      owned = owned.with(registry.find(tenant).orElseThrow());
      return TestOwners.step(steps, owned);
    }

    /** Executes the steps up to the end. */
    void finish() {
      while (step() != Step.ENDED) {
        Conditions.pause();
      }
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

    ImportSteps steps() {
      return steps;
    }
  }

  Instance takeOver(TenantId tenant, WriteHook hook) {
    return new Instance(tenant, hook);
  }

  Instance takeOver(TenantId tenant) {
    return takeOver(tenant, call -> call.get());
  }

  private StoredContent content(TenantId tenant) {
    return new StoredContent(seeding, locations, tenant(tenant), clock);
  }

  /** Returns the documents of the orders that a request reads, in the order of their ids. */
  List<String> visibleDocuments(TenantId tenant) {
    return content(tenant).visibleDocuments();
  }

  /** Returns all items of a tenant, by partition and sort key. */
  List<Map<String, AttributeValue>> items(TenantId tenant) {
    return content(tenant).items();
  }

  /** Returns the expected items of a tenant with this content and nothing else. */
  List<Map<String, AttributeValue>> expected(TenantId tenant, List<StoredItem> items) {
    return content(tenant).expected(items);
  }

  @Override
  public void close() {
    client.close();
    seeding.close();
  }
}
