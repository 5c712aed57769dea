package dev.partywall.metering.ledger;

import dev.partywall.concurrent.BoundedParallel;
import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.journal.Shipper;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.storage.ConflictRetry;
import dev.partywall.storage.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The usage of all tenants per hour, in the table {@code <prefix>usage}.
 *
 * <p>The ledger uses the service's own credentials, for reads as well. A tenant's session policy
 * names only the service's table, so code that runs for a tenant cannot write a bill. The route
 * {@code GET /usage} keeps bills apart: it reads the bound tenant's usage and accepts a tenant from
 * no other source.
 *
 * <p>Every method throws {@link dev.partywall.error.ApiException} as {@code Unavailable} if
 * DynamoDB is unavailable.
 */
public final class Ledger {
  /**
   * How long batch ids are kept. A segment is shipped within {@link Shipper#MAX_SEGMENT_AGE} of its
   * creation or set aside, which is shorter. So the ledger never forgets a batch that can be
   * shipped again.
   */
  static final Duration BATCH_RETENTION = Duration.ofDays(35);

  /**
   * The time after the start of an hour from which a change of its usage is late. An hour that no
   * crash has interrupted is closed earlier.
   */
  public static final Duration LATE_AFTER = Duration.ofMinutes(90);

  private static final int MAX_ATTEMPTS = 8;

  private final LedgerTable table;
  private final ServiceMeters meters;
  private final InstantSource clock;
  private final Set<Map<String, AttributeValue>> registeredDays = ConcurrentHashMap.newKeySet();

  /**
   * Creates a ledger in the table with the prefix.
   *
   * @param client with the service's own credentials
   * @param meters the meters to read. Every meter of a batch is written
   * @param random safe for use by concurrent threads
   */
  public Ledger(
      DynamoDbClient client,
      String prefix,
      ServiceMeters meters,
      InstantSource clock,
      RandomGenerator random) {
    var retry = new ConflictRetry(MAX_ATTEMPTS, random);
    this.table = new LedgerTable(client, schema(prefix).table(), retry);
    this.meters = meters;
    this.clock = clock;
  }

  /** Returns the meters of the service, which the ledger reads. */
  public ServiceMeters meters() {
    return meters;
  }

  /** Returns the schema of the ledger's table. */
  public static Schema schema(String prefix) {
    return Schema.ofService(prefix + "usage", true);
  }

  LedgerTable table() {
    return table;
  }

  /**
   * Adds a batch unless it is already in the ledger. Its id and the sums are written in one
   * transaction.
   */
  public void ship(Batch batch) {
    registerTenants(batch);
    try {
      table.transact(items(batch));
    } catch (TransactionCanceledException e) {
      // The first item is the batch id. No other item has a condition.
      if (!ConflictRetry.CONDITION_FAILED.equals(e.cancellationReasons().getFirst().code())) {
        throw e;
      }
    }
  }

  /**
   * Sets the count of a meter in a tenant's hour. Setting the count, instead of adding to it, makes
   * the operation idempotent. A late, older count never lowers a newer one.
   */
  public void setCount(Usage.TenantHour tenantHour, UsageMeter meter, long count) {
    registerTenant(tenantHour);
    new CountUpdate(table, tenantHour, meter, count)
        .apply(clock.instant(), isLate(tenantHour.hour()));
  }

  /** Returns the tenant's usage in the hours that start in the range, in ascending order. */
  public List<Usage> usage(MeteredTenant tenant, Instant from, Instant to) {
    return hours(tenant, from, to).stream().map(LedgerHour::usage).toList();
  }

  /** Returns the tenant's hours that start in the range, in ascending order. */
  public List<LedgerHour> hours(MeteredTenant tenant, Instant from, Instant to) {
    if (!from.isBefore(to)) {
      return List.of();
    }
    var last = Usage.startOfHour(to.minusNanos(1));
    return table
        .items(tenant.key(), LedgerItem.hourSortKey(from), LedgerItem.hourSortKey(last))
        .stream()
        .map(item -> LedgerItem.parseHour(item, meters))
        .toList();
  }

  /**
   * Returns the time of the tenant's last request, from its newest hours. The time can be earlier
   * by the duration of a shipment, because the last instance that ships an hour sets it. It is the
   * start of the hour if an earlier release has recorded the request. Takes one query, and more if
   * the newest hours have no request.
   */
  public Optional<Instant> lastRequestAt(MeteredTenant tenant) {
    return new LastRequest(table, meters).of(tenant);
  }

  /**
   * Returns the ARN of the table. No two tables have the same ARN at the same time. A table that is
   * deleted and created again has the same ARN, and so have the tables of every DynamoDB Local.
   */
  public String arn() {
    return table.arn();
  }

  /** Returns the tenants with hours on any day that the range touches. */
  public Set<MeteredTenant> tenants(Instant from, Instant to) {
    var tenants = new TreeSet<MeteredTenant>();
    for (var day = dayOf(from); !day.isAfter(dayOf(to)); day = day.plusDays(1)) {
      for (var shard = 0; shard < LedgerItem.SHARDS; shard++) {
        table.items(LedgerItem.dayPartition(day, shard)).stream()
            .map(LedgerItem::parseTenant)
            .forEach(tenants::add);
      }
    }
    return tenants;
  }

  /**
   * Returns whether a tenant has hours on any day that the range touches. The search ends at the
   * first tenant, and begins with the last day. If the last two days have none, the number of items
   * that DynamoDB reports (it is a few hours old) saves the search of an empty ledger.
   */
  public boolean hasTenants(Instant from, Instant to) {
    for (var day = dayOf(to); !day.isBefore(dayOf(from)); day = day.minusDays(1)) {
      if (day.equals(dayOf(to).minusDays(2)) && table.isReportedEmpty()) {
        return false;
      }
      for (var shard = 0; shard < LedgerItem.SHARDS; shard++) {
        if (table.hasItems(LedgerItem.dayPartition(day, shard))) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Registers all tenants of a batch in parallel: at midnight all are new, and one after another
   * would take too long.
   */
  private void registerTenants(Batch batch) {
    var unregistered = unregistered(batch);
    if (!unregistered.isEmpty()) {
      BoundedParallel.eachOrThrow(unregistered, this::registerTenant);
    }
  }

  /** Hours with only the capacity of operations are part of no bill, and register no tenant. */
  private List<Usage.TenantHour> unregistered(Batch batch) {
    return batch.usage().stream()
        .filter(usage -> usage.amounts().isBillable())
        .map(Usage::tenantHour)
        .filter(tenantHour -> !registeredDays.contains(day(tenantHour)))
        .toList();
  }

  /**
   * Registers the tenant under the day before it has an hour there. So the table is never scanned.
   */
  void registerTenant(Usage.TenantHour tenantHour) {
    var item = day(tenantHour);
    if (!registeredDays.contains(item)) {
      table.put(item);
      cache(item);
    }
  }

  private void cache(Map<String, AttributeValue> item) {
    if (registeredDays.size() >= MAX_CACHED_DAYS) {
      registeredDays.clear();
    }
    registeredDays.add(item);
  }

  private List<TransactWriteItem> items(Batch batch) {
    var items = new ArrayList<TransactWriteItem>();
    items.add(insertion(LedgerItem.batchItem(batch, clock.instant().plus(BATCH_RETENTION))));
    batch.usage().forEach(usage -> items.add(addition(usage, batch)));
    return items;
  }

  private TransactWriteItem insertion(Map<String, AttributeValue> item) {
    return TransactWriteItem.builder()
        .put(put ->
            put.tableName(table.name()).item(item).conditionExpression("attribute_not_exists(pk)"))
        .build();
  }

  private TransactWriteItem addition(Usage usage, Batch batch) {
    var change = new HourUpdate().adding(usage.amounts());
    if (usage.amounts().isBillable()) {
      addBillable(usage, batch, change);
    }
    return TransactWriteItem.builder()
        .update(update ->
            update
                .tableName(table.name())
                .key(LedgerItem.hourItemKey(usage.tenantHour()))
                .updateExpression(change.expression())
                .expressionAttributeNames(change.names())
                .expressionAttributeValues(change.values(Map.of())))
        .build();
  }

  private void addBillable(Usage usage, Batch batch, HourUpdate change) {
    var now = clock.instant();
    usage.tier().ifPresent(change::settingTierOnce);
    if (isLate(usage.hour())) {
      var id = batch.segmentId() + "." + batch.part();
      change.appending(new LateUsage(id, now, usage.amounts().billable()));
      usage.lastRequestAt().ifPresent(change::lastRequestAtIfUnknown);
    } else {
      change.changedAt(now);
      usage.lastRequestAt().ifPresent(change::lastRequestAt);
    }
  }

  private boolean isLate(Instant hour) {
    return !clock.instant().isBefore(hour.plus(LATE_AFTER));
  }

  private static Map<String, AttributeValue> day(Usage.TenantHour tenantHour) {
    return LedgerItem.dayItem(dayOf(tenantHour.hour()), tenantHour.tenant());
  }

  private static LocalDate dayOf(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  private static final int MAX_CACHED_DAYS = 200_000;
}
