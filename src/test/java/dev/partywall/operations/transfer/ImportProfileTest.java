package dev.partywall.operations.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiException;
import dev.partywall.http.Sha256;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.content.StoredItem;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Ends the owners of imports at random writes, and cancels some imports at random moments. {@code
 * -Pimports} runs it with 1,000 ends.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ImportProfileTest {
  private static final int KILLS = Integer.getInteger("owner.kills", 3);
  private static final long SEED = 20_261_129;

  /** One write of this number ends its owner. */
  private static final int WRITES_PER_KILL = 8;

  private static final List<StoredItem> FORMER = ImportFixture.orders(110, "{\"b\":2}");

  private final ImportFixture fixture;
  private final Random random = new Random(SEED);
  private final Map<Kind, Integer> kills = new EnumMap<>(Kind.class);
  private int cancelled;

  /** The kinds of imports, in sequence. */
  private enum Kind {
    CANCELLED_REPLACEMENT,
    REPLACEMENT,
    CANCELLED,
    PLAIN,
    CLONE;

    boolean replaces() {
      return this == REPLACEMENT || this == CANCELLED_REPLACEMENT;
    }

    boolean isCancelled() {
      return this == CANCELLED || this == CANCELLED_REPLACEMENT;
    }
  }

  /** The process has ended. */
  private static final class KilledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    KilledException() {
      super("killed", null, false, false);
    }
  }

  ImportProfileTest(LocalDynamo dynamo) {
    this.fixture = new ImportFixture(dynamo);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Ends the owner before or after a random write. */
  private Object atRandom(Supplier<Object> call) {
    if (random.nextInt(WRITES_PER_KILL) > 0) {
      return call.get();
    }
    if (random.nextBoolean()) {
      var _ = call.get();
    }
    throw new KilledException();
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void endsOfOwnersAtRandomWritesLoseAndDoubleNothing() {
    var neighbour = fixture.register("random", placement());
    fixture.store(neighbour, FORMER);
    var hash = hash(neighbour);
    var imports = 0;
    for (; total() < KILLS; imports++) {
      importOne("random-" + imports, Kind.values()[imports % Kind.values().length]);
      assertEquals(hash, hash(neighbour));
    }
    System.out.printf(
        "%d imports, %d of them cancelled, with ends of owners %s: every item is equal to the file%n",
        imports, cancelled, kills);
  }

  private int total() {
    return kills.values().stream().mapToInt(Integer::intValue).sum();
  }

  private Placement placement() {
    return random.nextBoolean() ? new Placement.Pool() : new Placement.ShardedPool(2);
  }

  private void importOne(String name, Kind kind) {
    var tenant = fixture.register(name, placement());
    var former = kind.replaces() ? FORMER : List.<StoredItem>of();
    fixture.store(tenant, former);
    if (kind.replaces()) {
      fixture.store(tenant, mark(tenant));
    }
    var items = ImportFixture.orders(random.nextInt(250), "{\"a\":1}");
    fixture.open(tenant, kind == Kind.CLONE, kind.replaces(), !kind.replaces());
    var file = ImportFixture.file(kind == Kind.CLONE ? "random" : name, items);
    fixture.complete(tenant, file, 1 + random.nextInt(3));
    var isCancelled = killUntilTheEnd(tenant, kind);
    var expected = new ArrayList<>(fixture.expected(tenant, isCancelled ? former : items));
    var stored = new ArrayList<>(fixture.items(tenant));
    if (kind.replaces()) {
      assertTrue(stored.remove(mark(tenant)), name + ": the mark is missing");
    }
    assertEquals(expected, stored, name);
    var result = fixture.operations.document(tenant, ".import-result#1").orElseThrow();
    assertEquals(isCancelled, Boolean.parseBoolean(result.get("cancelled")), name);
  }

  /** Returns whether the import was cancelled. */
  private boolean killUntilTheEnd(TenantId tenant, Kind kind) {
    var isCancelled = kind.isCancelled() && random.nextInt(4) == 0 && cancel(tenant);
    while (fixture.operations.find(tenant).isPresent()) {
      try {
        fixture.takeOver(tenant, this::atRandom).finish();
      } catch (KilledException _) {
        kills.merge(kind, 1, Integer::sum);
        isCancelled |= kind.isCancelled() && random.nextBoolean() && cancel(tenant);
      }
    }
    cancelled += isCancelled ? 1 : 0;
    return isCancelled;
  }

  /** Returns false if the import has ended, or cannot be cancelled any more. */
  private boolean cancel(TenantId tenant) {
    var running = fixture.operations.find(tenant);
    if (running.isEmpty()) {
      return false;
    }
    try {
      var steps = new ImportSteps(fixture.context(fixture.client));
      var record = fixture.registry.find(tenant).orElseThrow();
      return fixture.operations.update(running.get(), steps.cancelled(running.get(), record));
    } catch (ApiException _) {
      return false;
    }
  }

  private Map<String, AttributeValue> mark(TenantId tenant) {
    var keys = fixture.locations.of(fixture.tenant(tenant)).partitionKeys();
    return Map.of(
        "pk", AttributeValue.fromS(keys.getFirst()),
        "sk", AttributeValue.fromS(".mark#ordersPlaced#2026-11-28T08#o0001"),
        "f", AttributeValue.fromN("1"));
  }

  private String hash(TenantId tenant) {
    var text = new StringBuilder();
    fixture.items(tenant).forEach(item -> text.append(new TreeMap<>(item)));
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
