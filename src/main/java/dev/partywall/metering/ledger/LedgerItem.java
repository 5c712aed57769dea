package dev.partywall.metering.ledger;

import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.OperationMeter;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.storage.Attributes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of the usage table. A tenant's hours and days are stored under its key, which is its id
 * for the first incarnation and {@code acme.2} for the second ({@link MeteredTenant#key}); all
 * other items under names that start with a dot, as no tenant id does:
 *
 * <ul>
 *   <li>{@code acme}, {@code hour#2026-11-24T08}: the tenant's usage, an attribute for each meter,
 *       for each route and feature that it used, and for the capacity of operations ({@link
 *       UsageMeter#attribute}); the tier that applied; the time of the last request; the time of
 *       the last change before the hour was late; and the part of the usage that came later ({@link
 *       LateUsage});
 *   <li>{@code acme}, {@code day#2026-11-24}: the requests of this day, or a nonce only, while
 *       batches are shipped to the day ({@link DailyRequests});
 *   <li>{@code .batch#<id>}, {@code <part>}: this batch of a segment is in the ledger; expires;
 *   <li>{@code .day#2026-11-24#<shard>}, {@code acme}: the tenant has hours on this day;
 *   <li>{@code .open#<shard>}, {@code 2026-11-24T08#acme}: the hour may have uncounted writes.
 * </ul>
 */
final class LedgerItem {
  /** A partition accepts 1,000 writes per second, and all tenants write at the start of an hour. */
  static final int SHARDS = 16;

  static final String NONCE = "n";
  static final String TIER = "tier";
  static final String CHANGED = "changed";
  static final String LATE = "late";
  static final String LAST_REQUEST = "last";

  /** Incremented when the meaning of an item changes. */
  static final AttributeValue CURRENT_FORMAT = AttributeValue.fromN("1");

  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH");

  private LedgerItem() {}

  static Map<String, AttributeValue> hourItemKey(Usage.TenantHour tenantHour) {
    return Attributes.keyOf(tenantHour.tenant().key(), hourSortKey(tenantHour.hour()));
  }

  static String hourSortKey(Instant hour) {
    return "hour#" + formatHour(hour);
  }

  static String daySortKey(LocalDate day) {
    return "day#" + day;
  }

  static Map<String, AttributeValue> batchItem(Batch batch, Instant expiry) {
    var item =
        new HashMap<>(
            Attributes.keyOf(".batch#" + batch.segmentId(), Integer.toString(batch.part())));
    item.put(Attributes.FORMAT, CURRENT_FORMAT);
    item.put(Attributes.EXPIRY, Attributes.number(expiry.getEpochSecond()));
    return item;
  }

  static Map<String, AttributeValue> dayItem(LocalDate day, MeteredTenant tenant) {
    return Attributes.keyOf(dayPartition(day, shardOf(tenant)), tenant.key());
  }

  static String dayPartition(LocalDate day, int shard) {
    return ".day#" + day + "#" + shard;
  }

  static Map<String, AttributeValue> uncountedHourKey(Usage.TenantHour tenantHour) {
    return Attributes.keyOf(
        uncountedHoursPartition(shardOf(tenantHour.tenant())),
        formatHour(tenantHour.hour()) + "#" + tenantHour.tenant().key());
  }

  static String uncountedHoursPartition(int shard) {
    return ".open#" + shard;
  }

  /** Parses the day of a tenant's day item. */
  static LocalDate parseDay(Map<String, AttributeValue> item) {
    return LocalDate.parse(
        Attributes.requiredText(item, Attributes.SORT_KEY).substring("day#".length()));
  }

  /** Parses the mark of an uncounted hour. */
  static UncountedHours.HourMark parseHourMark(Map<String, AttributeValue> item) {
    var parts = Attributes.requiredText(item, Attributes.SORT_KEY).split("#", 2);
    var tenantHour = new Usage.TenantHour(MeteredTenant.ofKey(parts[1]), parseHour(parts[0]));
    return new UncountedHours.HourMark(
        tenantHour, UUID.fromString(Attributes.requiredText(item, NONCE)));
  }

  /**
   * Parses an hour's item. Ignores the attributes of other meters: another release has written
   * them, with more capabilities or before a meter was removed.
   *
   * @throws IllegalStateException if a later release wrote it in an unsupported format
   */
  static LedgerHour parseHour(Map<String, AttributeValue> item, ServiceMeters meters) {
    if (!CURRENT_FORMAT.equals(item.get(Attributes.FORMAT))) {
      throw new IllegalStateException("Usage item has an unsupported format");
    }
    var hour =
        parseHour(Attributes.requiredText(item, Attributes.SORT_KEY).substring("hour#".length()));
    var tenant = MeteredTenant.ofKey(Attributes.requiredText(item, Attributes.PARTITION_KEY));
    var usage =
        new Usage(
            new Usage.TenantHour(tenant, hour),
            Optional.ofNullable(item.get(TIER)).map(AttributeValue::s),
            amounts(item, meters).plus(uses(item)).plus(operations(item)),
            Optional.ofNullable(item.get(LAST_REQUEST)).map(LateUsage::instant));
    var changed = item.get(CHANGED);
    // A release without this attribute wrote the item while the hour lasted, or soon after.
    var changedAt = changed == null ? hour.plus(1, ChronoUnit.HOURS) : LateUsage.instant(changed);
    return new LedgerHour(usage, changedAt, LateUsage.parseAll(item.get(LATE), meters));
  }

  /** Returns the amounts in the attributes of an item. */
  static Amounts amounts(Map<String, AttributeValue> item, ServiceMeters meters) {
    var steps = new HashMap<UsageMeter, Long>();
    meters.all().forEach(meter -> steps.put(meter, steps(meter, item)));
    return Amounts.of(steps);
  }

  /** Returns the uses of routes and features in the attributes of an item. */
  private static Amounts uses(Map<String, AttributeValue> item) {
    var steps = new HashMap<UsageMeter, Long>();
    item.forEach((attribute, value) -> {
      var meter = UsageMeter.stored(attribute, 0);
      if (meter.countsUses()) {
        steps.put(meter, Long.parseLong(value.n()));
      }
    });
    return Amounts.of(steps);
  }

  private static Amounts operations(Map<String, AttributeValue> item) {
    var steps = new HashMap<UsageMeter, Long>();
    OperationMeter.ALL.forEach(meter -> steps.put(meter, steps(meter, item)));
    return Amounts.of(steps);
  }

  /** Returns the tenant registered by a day's item. */
  static MeteredTenant parseTenant(Map<String, AttributeValue> item) {
    return MeteredTenant.ofKey(Attributes.requiredText(item, Attributes.SORT_KEY));
  }

  static AttributeValue number(UsageMeter meter, long steps) {
    return AttributeValue.fromN(meter.units(steps).toPlainString());
  }

  static long steps(UsageMeter meter, Map<String, AttributeValue> item) {
    var value = item.get(meter.attribute());
    return value == null ? 0 : meter.steps(new BigDecimal(value.n()));
  }

  private static int shardOf(MeteredTenant tenant) {
    return Math.floorMod(tenant.key().hashCode(), SHARDS);
  }

  private static String formatHour(Instant hour) {
    return HOUR.format(hour.atOffset(ZoneOffset.UTC));
  }

  private static Instant parseHour(String text) {
    return LocalDateTime.parse(text, HOUR).toInstant(ZoneOffset.UTC);
  }
}
