package dev.partywall.metering.ledger;

import dev.partywall.metering.journal.Batch;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of the usage table. A tenant's hours and days are stored under its id; all other items
 * under names that start with a dot, as no tenant id does:
 *
 * <ul>
 *   <li>{@code acme}, {@code hour#2026-11-24T08}: the tenant's usage, an attribute for each meter
 *       ({@link UsageMeter#attribute});
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

  /** Incremented when the meaning of an item changes. */
  static final AttributeValue CURRENT_FORMAT = AttributeValue.fromN("1");

  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH");

  private LedgerItem() {}

  static Map<String, AttributeValue> hourItemKey(Usage.TenantHour tenantHour) {
    return Attributes.keyOf(tenantHour.tenant().value(), hourSortKey(tenantHour.hour()));
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

  static Map<String, AttributeValue> dayItem(LocalDate day, TenantId tenant) {
    return Attributes.keyOf(dayPartition(day, shardOf(tenant)), tenant.value());
  }

  static String dayPartition(LocalDate day, int shard) {
    return ".day#" + day + "#" + shard;
  }

  static Map<String, AttributeValue> uncountedHourKey(Usage.TenantHour tenantHour) {
    return Attributes.keyOf(
        uncountedHoursPartition(shardOf(tenantHour.tenant())),
        formatHour(tenantHour.hour()) + "#" + tenantHour.tenant().value());
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
    var tenantHour = new Usage.TenantHour(new TenantId(parts[1]), parseHour(parts[0]));
    return new UncountedHours.HourMark(
        tenantHour, UUID.fromString(Attributes.requiredText(item, NONCE)));
  }

  /**
   * Parses an hour's item. Ignores the attributes of other meters: another release has written
   * them, with more capabilities or before a meter was removed.
   *
   * @throws IllegalStateException if a later release wrote it in an unsupported format
   */
  static Usage parseUsage(Map<String, AttributeValue> item, ServiceMeters meters) {
    if (!CURRENT_FORMAT.equals(item.get(Attributes.FORMAT))) {
      throw new IllegalStateException("Usage item has an unsupported format");
    }
    var steps = new HashMap<UsageMeter, Long>();
    meters.all().forEach(meter -> steps.put(meter, steps(meter, item)));
    return Usage.of(
        new TenantId(Attributes.requiredText(item, Attributes.PARTITION_KEY)),
        parseHour(Attributes.requiredText(item, Attributes.SORT_KEY).substring("hour#".length())),
        Amounts.of(steps));
  }

  /**
   * Returns the expression that adds amounts to an hour. DynamoDB numbers are decimals, so units
   * stay exact.
   */
  static String additionExpression(Amounts amounts) {
    return amounts.meters().stream()
        .map(meter -> "#" + meter.attribute() + " :" + meter.attribute())
        .collect(Collectors.joining(", ", "SET f = :f ADD ", ""));
  }

  /** Returns the attribute of each placeholder: DynamoDB rejects reserved words in expressions. */
  static Map<String, String> expressionNames(Amounts amounts) {
    return amounts.meters().stream()
        .map(UsageMeter::attribute)
        .collect(Collectors.toMap(attribute -> "#" + attribute, attribute -> attribute));
  }

  static Map<String, AttributeValue> expressionValues(Amounts amounts) {
    var values = new HashMap<String, AttributeValue>();
    values.put(":f", CURRENT_FORMAT);
    amounts
        .meters()
        .forEach(meter -> values.put(":" + meter.attribute(), number(meter, amounts.steps(meter))));
    return values;
  }

  /** Returns the tenant registered by a day's item. */
  static TenantId parseTenant(Map<String, AttributeValue> item) {
    return new TenantId(Attributes.requiredText(item, Attributes.SORT_KEY));
  }

  static AttributeValue number(UsageMeter meter, long steps) {
    return AttributeValue.fromN(meter.units(steps).toPlainString());
  }

  private static long steps(UsageMeter meter, Map<String, AttributeValue> item) {
    var value = item.get(meter.attribute());
    return value == null ? 0 : meter.steps(new BigDecimal(value.n()));
  }

  private static int shardOf(TenantId tenant) {
    return Math.floorMod(tenant.value().hashCode(), SHARDS);
  }

  private static String formatHour(Instant hour) {
    return HOUR.format(hour.atOffset(ZoneOffset.UTC));
  }

  private static Instant parseHour(String text) {
    return LocalDateTime.parse(text, HOUR).toInstant(ZoneOffset.UTC);
  }
}
