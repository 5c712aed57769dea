package dev.partywall.registry;

import dev.partywall.concurrent.Periodic;
import dev.partywall.error.ApiException;
import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.registry.Barrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * This instance of the service and the other instances. Each instance writes its own item every 2 s
 * with a new nonce, and deletes it when it ends. Another instance is live while its nonce changes.
 * Only this instance's monotonic clock measures the time since a change, so clocks of two machines
 * are never compared.
 *
 * <p>An instance that limits a tenant lists the tenant in its item. The others then write the
 * tenant's requests to them in their items, in a separate list that limits no tenant. All instances
 * therefore divide the rate by the same numbers, and stop when the last one ends to limit it.
 *
 * <p>While the registry cannot be read, the last view of the other instances remains. Otherwise
 * each instance would permit a tenant its full rate during an outage.
 */
public final class Instances implements Barrier, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Instances.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** DynamoDB may execute the last calls of a process after its end. */
  private static final long UNKNOWN_RESULT_NANOS = Duration.ofSeconds(10).toNanos();

  private final TenantsTable table;
  private final String id;
  private final Supplier<UUID> nonces;
  private final LongSupplier nanoTime;
  private final ObservedInstances observed = new ObservedInstances();
  private volatile LongSupplier appliedSequence = () -> 0;
  private volatile Supplier<Map<TenantId, Long>> ownLimited = Map::of;
  private volatile ToLongFunction<TenantId> ownRequests = _ -> 0;
  private volatile boolean registered;
  private volatile View view = new View(1, Map.of(), Set.of());
  private volatile @Nullable Periodic exchanges;
  private volatile @Nullable Ended ended;

  /**
   * The instances at the last successful read.
   *
   * @param live their number, this one included
   * @param elsewhere the requests to the others, of the tenants that any instance limits
   * @param limitedElsewhere the tenants that another instance limits
   */
  private record View(int live, Map<TenantId, Long> elsewhere, Set<TenantId> limitedElsewhere) {}

  /** Earlier instances that have ended without deleting their items, and the time of that news. */
  private record Ended(Set<String> ids, long since, Runnable deleted) {}

  /**
   * Creates an instance that is not registered. It makes no call.
   *
   * @param client with the service's own credentials
   * @param nonces returns random ids; the first becomes the id of this instance
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public Instances(
      DynamoDbClient client, String prefix, Supplier<UUID> nonces, LongSupplier nanoTime) {
    this.table = TenantsTable.of(client, prefix);
    this.id = nonces.get().toString();
    this.nonces = nonces;
    this.nanoTime = nanoTime;
  }

  /**
   * Sets the values that the item of this instance contains. It is called before {@link #start},
   * because the sources of these values need this instance.
   *
   * @param applied returns the number of the latest change of the registry that all requests of
   *     this instance know
   * @param limited returns the tenants that this instance limits, with their requests of the last 4
   *     s. The item contains the 100 with the most requests
   * @param requests returns the requests of a tenant to this instance in the last 4 s
   */
  public Instances publish(
      LongSupplier applied,
      Supplier<Map<TenantId, Long>> limited,
      ToLongFunction<TenantId> requests) {
    appliedSequence = applied;
    ownLimited = limited;
    ownRequests = requests;
    return this;
  }

  /**
   * Starts to write the item of this instance and to read those of others. Does not wait for the
   * first write.
   */
  public Instances start() {
    exchanges = Periodic.startNow(LOG, "instance exchange", () -> INTERVAL, this::exchange);
    return this;
  }

  /**
   * Writes the item of this instance unless it has been written before. An instance must not read a
   * tenant without an item: the others would not wait for it.
   */
  public void register() {
    if (!registered) {
      write(ownLimited.get());
    }
  }

  /** Returns the id of this instance. */
  public String id() {
    return id;
  }

  /**
   * States that earlier instances have ended. Their items are deleted 10 s later.
   *
   * @param deleted is called after that
   */
  public void recordEnd(Set<String> earlier, Runnable deleted) {
    ended = new Ended(Set.copyOf(earlier), nanoTime.getAsLong(), deleted);
  }

  @Override
  public List<String> waitingFor(long sequence) {
    observed.record(others(), nanoTime.getAsLong());
    var waiting = new ArrayList<>(observed.notKnowing(sequence, nanoTime.getAsLong()));
    if (appliedSequence.getAsLong() < sequence) {
      waiting.add(id);
    }
    return waiting;
  }

  /** Returns the number of live instances, including this one. */
  public int live() {
    return view.live();
  }

  /**
   * Returns the part of a tenant's rate that this instance permits: 1 unless an instance limits the
   * tenant and others serve it.
   *
   * @param ownRequests returns the requests of a tenant to this instance in the last 4 s
   */
  public double share(TenantId tenant, ToLongFunction<TenantId> ownRequests) {
    var current = view;
    var elsewhere = current.elsewhere().get(tenant);
    if (elsewhere == null) {
      return 1;
    }
    var own = ownRequests.applyAsLong(tenant);
    var part = (double) own / Math.max(own + elsewhere, 1);
    return Math.max(part, 0.5 / current.live());
  }

  /** Returns the failure of the latest exchange, for an operator; empty after a success. */
  public Optional<String> problem() {
    return Optional.ofNullable(exchanges).flatMap(Periodic::problem);
  }

  /**
   * Reads the items of other instances and writes the one of this instance. One thread at a time
   * may call it.
   */
  void exchange() {
    var own = ownLimited.get();
    try {
      observe(own);
      deleteEnded();
    } finally {
      // After the read, it contains the requests of the tenants that others limit since then. It is
      // written after a failed read, because the others must see that this instance is live.
      write(own);
    }
  }

  private void write(Map<TenantId, Long> limited) {
    var nonce = nonces.get().toString();
    var item =
        new InstanceItem(id, nonce, appliedSequence.getAsLong(), limited, others(limited))
            .attributes();
    table.client().putItem(put -> put.tableName(table.name()).item(item));
    registered = true;
  }

  /** Returns the requests of the tenants that only other instances limit. */
  private Map<TenantId, Long> others(Map<TenantId, Long> limited) {
    var requests = new HashMap<TenantId, Long>();
    for (var tenant : view.limitedElsewhere()) {
      var count = ownRequests.applyAsLong(tenant);
      if (count > 0 && !limited.containsKey(tenant)) {
        requests.put(tenant, count);
      }
    }
    return requests;
  }

  private void observe(Map<TenantId, Long> own) {
    observed.record(others(), nanoTime.getAsLong());
    view = view(observed.live(nanoTime.getAsLong()), own);
    observed.forgotten(nanoTime.getAsLong()).forEach(this::delete);
  }

  private void deleteEnded() {
    var earlier = ended;
    if (earlier != null && nanoTime.getAsLong() - earlier.since() >= UNKNOWN_RESULT_NANOS) {
      earlier.ids().forEach(this::delete);
      ended = null;
      earlier.deleted().run();
    }
  }

  private static View view(Collection<InstanceItem> live, Map<TenantId, Long> own) {
    var limitedElsewhere = new HashMap<TenantId, Long>();
    live.forEach(item -> add(item.limited(), limitedElsewhere));
    var elsewhere = new HashMap<>(limitedElsewhere);
    live.forEach(item -> add(item.others(), elsewhere));
    // A tenant that no instance limits any more has its full rate everywhere.
    elsewhere
        .keySet()
        .removeIf(tenant -> !limitedElsewhere.containsKey(tenant) && !own.containsKey(tenant));
    return new View(live.size() + 1, Map.copyOf(elsewhere), Set.copyOf(limitedElsewhere.keySet()));
  }

  private static void add(Map<TenantId, Long> requests, Map<TenantId, Long> totals) {
    requests.forEach((tenant, count) -> totals.merge(tenant, count, Long::sum));
  }

  private List<InstanceItem> others() {
    var query = table.query(InstanceItem.PARTITION, "0", "~").build();
    return table.client().queryPaginator(query).items().stream()
        .map(InstanceItem::read)
        .filter(item -> !item.id().equals(id))
        .toList();
  }

  /** Deletes the item of an instance that has ended without deleting it. */
  private void delete(InstanceItem item) {
    try {
      table
          .client()
          .deleteItem(delete ->
              delete
                  .tableName(table.name())
                  .key(InstanceItem.key(item.id()))
                  .conditionExpression("n = :nonce")
                  .expressionAttributeValues(Map.of(":nonce", Attributes.text(item.nonce()))));
    } catch (ConditionalCheckFailedException _) {
      // The instance was only paused, or another instance has deleted the item.
    }
  }

  private void delete(String instance) {
    table
        .client()
        .deleteItem(delete -> delete.tableName(table.name()).key(InstanceItem.key(instance)));
  }

  /** Deletes the item of this instance: it reads no tenant any more. */
  @Override
  public void close() {
    var running = exchanges;
    if (running != null) {
      running.close();
    }
    try {
      delete(id);
    } catch (ApiException e) {
      LOG.warn("The item of this instance cannot be deleted", e);
    }
  }
}
