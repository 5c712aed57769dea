package dev.partywall.orders;

import dev.partywall.error.Faults;
import dev.partywall.http.IdempotencyKey;
import dev.partywall.http.Sha256;
import dev.partywall.storage.IdempotentWrites;
import dev.partywall.storage.IdempotentWrites.Created;
import dev.partywall.storage.IdempotentWrites.EntityType;
import dev.partywall.storage.IdempotentWrites.RequestId;
import dev.partywall.storage.Ids;
import dev.partywall.storage.Index;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Meter;
import dev.partywall.storage.Page;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.Write;
import dev.partywall.storage.WriteCondition;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Stores orders. The key in the first index is the status; the key in the second index is the user
 * and the status.
 */
final class OrderStore {
  static final String COLLECTION = "order";
  private static final int USER_BYTES = 16;

  private final TenantTable table;
  private final IdempotentWrites<Order> idempotentWrites;

  /**
   * Creates a store.
   *
   * @param placed counts the placed orders
   */
  OrderStore(TenantTable table, InstantSource clock, Meter placed) {
    var type = new EntityType<>(COLLECTION, order -> insertion(order, placed), OrderJson::read);
    this.table = table;
    this.idempotentWrites = new IdempotentWrites<>(table, clock, type);
  }

  Optional<Order> find(String id) {
    return Ids.isValid(id) ? table.get(key(id)).map(OrderStore::order) : Optional.empty();
  }

  Page list(ListQuery query) {
    return table.query(
        new Query(
            COLLECTION,
            index(query),
            indexKeys(query),
            query.paging().limit(),
            query.paging().after()));
  }

  /**
   * Places an order, once per idempotency key.
   *
   * @param next returns a new order, with another id at each call
   */
  Created<Order> place(Optional<IdempotencyKey> key, Faults faults, Supplier<Order> next) {
    var request = key.map(present -> new RequestId(present.name(), present.fingerprint()));
    return idempotentWrites.create(request, faults, next);
  }

  /**
   * Replaces an order.
   *
   * @param change returns the next version of the current version
   * @return the next version; empty if the order does not exist
   */
  Optional<Order> replace(String id, UnaryOperator<Order> change) {
    return change(
            id,
            before -> {
              var after = change.apply(order(before));
              return put(after, new WriteCondition.VersionIs(before.version()));
            })
        .map(write -> order(write.item()));
  }

  /**
   * Deletes an order.
   *
   * @param check throws an exception to keep the current version
   * @return whether the order existed
   */
  boolean delete(String id, Consumer<Order> check) {
    return change(
            id,
            before -> {
              check.accept(order(before));
              return Write.delete(before.key(), new WriteCondition.VersionIs(before.version()));
            })
        .isPresent();
  }

  private <W extends Write> Optional<W> change(String id, Function<Item, W> change) {
    return Ids.isValid(id) ? table.change(key(id), change) : Optional.empty();
  }

  static Order order(Item item) {
    return OrderJson.read(item.document());
  }

  /** Returns the write that places a new order and counts it permanently. */
  private static Write.Put insertion(Order order, Meter placed) {
    return put(order, new WriteCondition.Absent()).countedBy(placed);
  }

  private static Write.Put put(Order order, WriteCondition condition) {
    var item = Item.of(key(order.id()), OrderJson.write(order)).withVersion(order.version());
    return Write.put(item, condition)
        .withIndexKeys(order.status().apiName(), userIndexKey(order.userId(), order.status()));
  }

  private static Key key(String id) {
    return new Key(COLLECTION, id);
  }

  private static Index index(ListQuery query) {
    if (query.user().isPresent()) {
      return Index.I2;
    }
    return query.status().isPresent() ? Index.I1 : Index.PRIMARY;
  }

  /** Lists statuses in transition order, to not miss an order that moves in the meantime. */
  private static List<String> indexKeys(ListQuery query) {
    var statuses = query.status().map(List::of).orElse(List.of(OrderStatus.values()));
    return switch (index(query)) {
      case PRIMARY -> List.of();
      case I1 -> indexKeys(statuses, OrderStatus::apiName);
      case I2 -> indexKeys(statuses, status -> userIndexKey(query.user().orElseThrow(), status));
    };
  }

  private static List<String> indexKeys(
      List<OrderStatus> statuses, Function<OrderStatus, String> toIndexKey) {
    return statuses.stream().map(toIndexKey).toList();
  }

  /** Uses a digest, because a user name may be long and contain any character. */
  private static String userIndexKey(String user, OrderStatus status) {
    return Sha256.name(List.of(user), USER_BYTES) + "." + status.apiName();
  }
}
