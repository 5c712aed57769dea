package dev.partywall.orders;

import dev.partywall.storage.Condition;
import dev.partywall.storage.Index;
import dev.partywall.storage.Item;
import dev.partywall.storage.Key;
import dev.partywall.storage.Outcome;
import dev.partywall.storage.Page;
import dev.partywall.storage.Query;
import dev.partywall.storage.TenantTable;
import dev.partywall.storage.Write;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where orders are kept: under the status in the first index, and under who placed it and the
 * status in the second.
 */
final class OrderStore {
  private static final String COLLECTION = "order";
  private static final int USER_BYTES = 16;

  private final TenantTable table;

  OrderStore(TenantTable table) {
    this.table = table;
  }

  Optional<Order> find(String id) {
    return OrderIds.hasForm(id) ? table.get(key(id)).map(OrderStore::order) : Optional.empty();
  }

  Page list(ListQuery wanted) {
    var query =
        new Query(COLLECTION, index(wanted), labels(wanted), wanted.limit(), wanted.after());
    return table.query(query);
  }

  /** The write that places a new order, and counts it for good. */
  static Write placing(Order order) {
    return put(order, new Condition.Absent()).counting("ordersPlaced");
  }

  /**
   * Puts the next version of an order in place of the one before.
   *
   * @return what stands there instead, if it was no longer the one before
   */
  Outcome replace(Order before, Order after) {
    return table.write(put(after, new Condition.VersionIs(before.version())));
  }

  /** Deletes an order, if it is still the one that was looked at. */
  Outcome delete(Order order) {
    var condition = new Condition.VersionIs(order.version());
    return table.write(Write.delete(key(order.id()), condition));
  }

  static Order order(Item item) {
    return OrderJson.read(item.document());
  }

  private static Write.Put put(Order order, Condition condition) {
    var item = Item.of(key(order.id()), OrderJson.write(order)).withVersion(order.version());
    return Write.put(item, condition)
        .labelled(order.status().word(), userLabel(order.userId(), order.status()));
  }

  private static Key key(String id) {
    return new Key(COLLECTION, id);
  }

  private static Index index(ListQuery wanted) {
    if (wanted.user().isPresent()) {
      return Index.SECOND;
    }
    return wanted.status().isPresent() ? Index.FIRST : Index.PRIMARY;
  }

  /** Statuses in the order in which orders move, so that one that moves meanwhile is not missed. */
  private static List<String> labels(ListQuery wanted) {
    var statuses = wanted.status().map(List::of).orElse(List.of(OrderStatus.values()));
    return switch (index(wanted)) {
      case PRIMARY -> List.of();
      case FIRST -> labels(statuses, OrderStatus::word);
      case SECOND -> labels(statuses, it -> userLabel(wanted.user().orElseThrow(), it));
    };
  }

  private static List<String> labels(
      List<OrderStatus> statuses, Function<OrderStatus, String> label) {
    return statuses.stream().map(label).toList();
  }

  /** A user's name may be long and hold any character; its digest may not. */
  private static String userLabel(String user, OrderStatus status) {
    return Digest.name(List.of(user), USER_BYTES) + "." + status.word();
  }
}
