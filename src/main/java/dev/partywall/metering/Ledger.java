package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * What all tenants used, hour by hour, in the table {@code <prefix>usage}.
 *
 * <p>It is kept and read under the service's own credentials, bills included: a tenant's session
 * policy names the table of its orders and no other, so that nothing which runs for a tenant can
 * write a bill. What keeps bills apart is that {@link UsageRoute} asks for the bound tenant's and
 * takes no tenant from anywhere else.
 *
 * <p>Every method throws {@link dev.partywall.http.Refused} as {@code Unavailable} when DynamoDB
 * can't serve it now.
 */
public final class Ledger {
  /**
   * How long a batch is known to be in. A segment is shipped within {@link Shipper#SHIPPED_WITHIN}
   * of its beginning or put aside, which is sooner: so it can never be forgotten and come again.
   */
  static final Duration BATCHES_KNOWN = Duration.ofDays(35);

  private final LedgerTable table;
  private final InstantSource clock;
  private final Set<Map<String, AttributeValue>> days = ConcurrentHashMap.newKeySet();

  /**
   * A ledger in the table of that prefix.
   *
   * @param client with the service's own credentials
   * @param random safe for use by many threads
   */
  public Ledger(DynamoDbClient client, String prefix, InstantSource clock, RandomGenerator random) {
    this.table = new LedgerTable(client, prefix + "usage", random);
    this.clock = clock;
  }

  LedgerTable table() {
    return table;
  }

  /** Adds a batch, unless it is in already: its name goes in together with the sums. */
  void ship(Batch batch) {
    list(batch);
    try {
      table.call(
          "TransactWriteItems",
          () -> table.client().transactWriteItems(it -> it.transactItems(items(batch))));
    } catch (TransactionCanceledException e) {
      // The first item is the batch's name. Nothing else has a condition.
      if (!"ConditionalCheckFailed".equals(e.cancellationReasons().getFirst().code())) {
        throw e;
      }
    }
  }

  /**
   * Says how many orders a tenant placed in an hour. It is a count and not an addition: to say it
   * twice changes nothing, and an older count that comes late never lowers a newer one.
   */
  void ordersPlaced(Usage.Slot slot, long count) {
    list(slot);
    var amount = Amounts.of(Measure.ORDERS_PLACED, count);
    try {
      table.call(
          "UpdateItem",
          () ->
              table
                  .client()
                  .updateItem(it ->
                      it.tableName(table.name())
                          .key(LedgerItem.hour(slot))
                          .updateExpression("SET ordersPlaced = :ordersPlaced, f = :f")
                          .conditionExpression(
                              "attribute_not_exists(ordersPlaced) OR ordersPlaced < :ordersPlaced")
                          .expressionAttributeValues(LedgerItem.values(amount))));
    } catch (ConditionalCheckFailedException _) {
      // It says as much already, or more.
    }
  }

  /** What the tenant used in the hours that begin in that range, in their order. */
  List<Usage> usage(TenantId tenant, Instant from, Instant to) {
    if (!from.isBefore(to)) {
      return List.of();
    }
    var last = Usage.startOf(to.minusNanos(1));
    return table.items(tenant.value(), LedgerItem.hourKey(from), LedgerItem.hourKey(last)).stream()
        .map(LedgerItem::usage)
        .toList();
  }

  /** The tenants that have hours on any of the days that the range touches. */
  Set<TenantId> tenants(Instant from, Instant to) {
    var tenants = new TreeSet<TenantId>((a, b) -> a.value().compareTo(b.value()));
    for (var day = dayOf(from); !day.isAfter(dayOf(to)); day = day.plusDays(1)) {
      for (var shard = 0; shard < LedgerItem.SHARDS; shard++) {
        table.items(LedgerItem.dayPartition(day, shard)).stream()
            .map(LedgerItem::tenant)
            .forEach(tenants::add);
      }
    }
    return tenants;
  }

  /** At midnight everybody is new: one after the other would take too long. */
  private void list(Batch batch) {
    var unlisted =
        batch.usage().stream().map(Usage::slot).filter(it -> !days.contains(day(it))).toList();
    if (!unlisted.isEmpty()) {
      AtOnce.each(unlisted, this::list)
          .ifPresent(failure -> {
            throw failure;
          });
    }
  }

  /** Lists the tenant under the day before it has an hour there: the table is never scanned. */
  void list(Usage.Slot slot) {
    var item = day(slot);
    if (!days.contains(item)) {
      table.call(
          "PutItem", () -> table.client().putItem(it -> it.tableName(table.name()).item(item)));
      remember(item);
    }
  }

  private void remember(Map<String, AttributeValue> item) {
    if (days.size() >= DAYS_REMEMBERED) {
      days.clear();
    }
    days.add(item);
  }

  private List<TransactWriteItem> items(Batch batch) {
    var items = new ArrayList<TransactWriteItem>();
    var item = LedgerItem.batch(batch, clock.instant().plus(BATCHES_KNOWN));
    items.add(
        TransactWriteItem.builder()
            .put(it ->
                it.tableName(table.name())
                    .item(item)
                    .conditionExpression("attribute_not_exists(pk)"))
            .build());
    batch.usage().forEach(usage -> items.add(addition(usage)));
    return items;
  }

  private TransactWriteItem addition(Usage usage) {
    return TransactWriteItem.builder()
        .update(it ->
            it.tableName(table.name())
                .key(LedgerItem.hour(usage.slot()))
                .updateExpression(LedgerItem.adding(usage.amounts()))
                .expressionAttributeValues(LedgerItem.values(usage.amounts())))
        .build();
  }

  private static Map<String, AttributeValue> day(Usage.Slot slot) {
    return LedgerItem.day(dayOf(slot.hour()), slot.tenant());
  }

  private static LocalDate dayOf(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  private static final int DAYS_REMEMBERED = 200_000;
}
