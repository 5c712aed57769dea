package dev.partywall.storage;

import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * The bound tenant's table. Each call takes the tenant from {@link TenantContext} only: no method
 * has a tenant parameter, and none reads without a key. Every call throws {@link
 * IllegalStateException} when no tenant is bound.
 *
 * <p>Every method throws {@link dev.partywall.error.ApiException} with {@code Unavailable} when
 * DynamoDB is unavailable.
 */
public final class TenantTable {
  private static final int MAX_TRANSACTION_ATTEMPTS = 6;

  /**
   * The age up to which an id is new. A write takes up to 10 s more, and the id then still sorts
   * after the position from which the writes of an hour are counted again ({@link
   * CountedWriteListener#beforeWriteWithOldId}).
   */
  private static final Duration MAX_ID_AGE = Duration.ofSeconds(30);

  private final Supplier<Connection> connection;
  private final Predicate<String> collections;

  /**
   * Everything that the table of all tenants needs.
   *
   * @param client a client with the bound tenant's credentials
   * @param clock determines expiry, and the hour of counted writes
   * @param random must be thread-safe
   */
  public record Connection(
      DynamoDbClient client,
      TenantLocations locations,
      InstantSource clock,
      RandomGenerator random,
      CountedWriteListener listener) {
    private TenantLocation location() {
      return locations.of(TenantContext.current());
    }
  }

  /**
   * Creates a table that serves all tenants.
   *
   * @param connection throws {@link IllegalStateException} until the table may be used
   */
  public TenantTable(Supplier<Connection> connection) {
    this(connection, _ -> true);
  }

  /**
   * Creates a table that serves all tenants.
   *
   * @param connection throws {@link IllegalStateException} until the table may be used
   * @param collections returns whether business code may write a collection
   */
  public TenantTable(Supplier<Connection> connection, Predicate<String> collections) {
    this.connection = connection;
    this.collections = collections;
  }

  /** Returns the item with that key. Sees every acknowledged write. */
  public Optional<Item> get(Key key) {
    var connected = connection.get();
    return Optional.of(connected.client().getItem(readOf(key, connected.location())).item())
        .filter(Predicate.not(Map::isEmpty))
        .map(Attributes::read)
        .filter(item -> !item.isExpired(connected.clock().instant()));
  }

  private static GetItemRequest readOf(Key key, TenantLocation location) {
    return GetItemRequest.builder()
        .tableName(location.table())
        .key(Attributes.keyOf(location, key))
        .consistentRead(true)
        .build();
  }

  /**
   * Returns a page of items. Only the last page is shorter than the limit. A page of a complete
   * collection sees every acknowledged write. A page by index keys is eventually consistent. It
   * reads the index keys in the given order, and so does not miss an item that moves to a later key
   * in the meantime.
   */
  public Page query(Query query) {
    var connected = connection.get();
    var location = connected.location();
    var now = connected.clock().instant();
    var readers =
        KeyRange.of(location, query).stream()
            .map(range -> new RangeReader(connected.client(), range, now))
            .toList();
    return new MergedPage(readers).read(query.limit());
  }

  /** Applies a single write. */
  public Outcome write(Write write) {
    return transact(List.of(write));
  }

  /**
   * Changes an item. If a concurrent write comes first, repeats the change with the new version.
   *
   * @param change returns the write for the current version, with a condition on this version; may
   *     throw an exception to leave the item unchanged
   * @return the write; empty if no item has the key
   */
  public <W extends Write> Optional<W> change(Key key, Function<Item, W> change) {
    var before = get(key);
    while (before.isPresent()) {
      var write = change.apply(before.get());
      switch (write(write)) {
        case Outcome.Written() -> {
          return Optional.of(write);
        }
        case Outcome.ConditionFailed(_, var current) -> before = current;
      }
    }
    return Optional.empty();
  }

  /** Applies all writes or none. Limits: 100 items including markers of counted writes, 4 MB. */
  public Outcome transact(List<? extends Write> writes) {
    var connected = connection.get();
    writes.forEach(write -> requireDeclared(write.key().collection()));
    var now = connected.clock().instant();
    var transaction = new Transaction(connected.location(), List.copyOf(writes), now);
    if (transaction.hasCountedWrites()) {
      announce(transaction, connected.listener(), now);
    }
    var retry = new ConflictRetry(MAX_TRANSACTION_ATTEMPTS, connected.random());
    return transaction.send(connected.client(), retry);
  }

  /** An import could not restore the items of another collection. */
  private void requireDeclared(String collection) {
    if (!collections.test(collection) && !IdempotentWrites.isCollection(collection)) {
      throw new IllegalStateException("the collection is not declared: " + collection);
    }
  }

  private static void announce(
      Transaction transaction, CountedWriteListener listener, Instant now) {
    var hour = now.truncatedTo(ChronoUnit.HOURS);
    if (transaction.countsIdBefore(CountedWrites.IdRange.position(now.minus(MAX_ID_AGE)))) {
      listener.beforeWriteWithOldId(hour);
    } else {
      listener.beforeWrite(hour);
    }
  }

  /** Merges several range readers into one page, ordered by id. */
  static final class MergedPage {
    private final PriorityQueue<RangeReader> readers =
        new PriorityQueue<>(Comparator.comparing(MergedPage::idOfHead, Comparator.reverseOrder()));

    MergedPage(List<RangeReader> readers) {
      readers.forEach(this::enqueue);
    }

    /** Returns the first items, and the position of the next page if more items exist. */
    Page read(int limit) {
      var items = new ArrayList<Item>();
      while (items.size() <= limit && !readers.isEmpty()) {
        add(items, takeNewest());
      }
      if (items.size() <= limit) {
        return new Page(List.copyOf(items), Optional.empty());
      }
      var page = List.copyOf(items.subList(0, limit));
      return new Page(page, Optional.of(page.getLast().key().id()));
    }

    private Item takeNewest() {
      var reader = readers.remove();
      var item = reader.next();
      enqueue(reader);
      return item;
    }

    private void enqueue(RangeReader reader) {
      if (reader.peek() != null) {
        readers.add(reader);
      }
    }

    /**
     * An item whose index key changed between two reads occurs twice. The later version is kept.
     */
    private static void add(List<Item> items, Item item) {
      if (items.isEmpty() || !items.getLast().key().equals(item.key())) {
        items.add(item);
      } else if (item.version() > items.getLast().version()) {
        items.set(items.size() - 1, item);
      }
    }

    private static String idOfHead(RangeReader reader) {
      var head = reader.peek();
      if (head == null) {
        throw new IllegalStateException("an exhausted reader is in the queue");
      }
      return head.key().id();
    }
  }

  /**
   * Reads the items of a key range, newest first. Reads further pages on demand, because DynamoDB
   * limits a response to 1 MB. Skips expired items, which DynamoDB may delete only days later.
   */
  static final class RangeReader {
    private final DynamoDbClient client;
    private final QueryRequest request;
    private final Instant now;
    private final Deque<Item> buffer = new ArrayDeque<>();
    private @Nullable Map<String, AttributeValue> position;
    private boolean exhausted;

    RangeReader(DynamoDbClient client, KeyRange range, Instant now) {
      this.client = client;
      this.request = range.request();
      this.position = range.query().after().map(range::startKeyAfter).orElse(null);
      this.now = now;
    }

    /** Returns the next item without removing it; null at the end. */
    @Nullable Item peek() {
      while (buffer.isEmpty() && !exhausted) {
        readMore();
      }
      return buffer.peek();
    }

    /** Removes the next item and returns it. */
    Item next() {
      return buffer.remove();
    }

    private void readMore() {
      var next =
          position == null ? request : request.toBuilder().exclusiveStartKey(position).build();
      var response = client.query(next);
      response.items().stream()
          .map(Attributes::read)
          .filter(item -> !item.isExpired(now))
          .forEach(buffer::add);
      position = response.lastEvaluatedKey();
      exhausted = position.isEmpty();
    }
  }
}
