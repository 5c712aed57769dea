package dev.partywall.metering;

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
 * How things lie in the usage table. A tenant's hours lie under its own id; all else under names
 * that begin with a dot, as no tenant's does:
 *
 * <ul>
 *   <li>{@code acme}, {@code hour#2026-11-24T08}: what it used, an attribute for each measure;
 *   <li>{@code .batch#<id>}, {@code <part>}: that part of a segment is in; gone after a while;
 *   <li>{@code .day#2026-11-24#<shard>}, {@code acme}: it has hours on that day;
 *   <li>{@code .open#<shard>}, {@code 2026-11-24T08#acme}: it may have orders that are not counted.
 * </ul>
 */
final class LedgerItem {
  /** One partition takes 1,000 writes a second, and at the turn of an hour everybody comes. */
  static final int SHARDS = 16;

  static final String PARTITION_KEY = "pk";
  static final String SORT_KEY = "sk";
  static final String EXPIRY = "ttl";
  static final String FORMAT = "f";
  static final String NONCE = "n";

  /** Goes up when the meaning of an item changes. */
  static final AttributeValue FORMAT_NOW = AttributeValue.fromN("1");

  private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH");

  private LedgerItem() {}

  static Map<String, AttributeValue> hour(Usage.Slot slot) {
    return key(slot.tenant().value(), hourKey(slot.hour()));
  }

  static String hourKey(Instant hour) {
    return "hour#" + text(hour);
  }

  static Map<String, AttributeValue> batch(Batch batch, Instant expiry) {
    var item = new HashMap<>(key(".batch#" + batch.segment(), Integer.toString(batch.part())));
    item.put(FORMAT, FORMAT_NOW);
    item.put(EXPIRY, AttributeValue.fromN(Long.toString(expiry.getEpochSecond())));
    return item;
  }

  static Map<String, AttributeValue> day(LocalDate day, TenantId tenant) {
    return key(dayPartition(day, shardOf(tenant)), tenant.value());
  }

  static String dayPartition(LocalDate day, int shard) {
    return ".day#" + day + "#" + shard;
  }

  static Map<String, AttributeValue> open(Usage.Slot slot) {
    return key(
        openPartition(shardOf(slot.tenant())), text(slot.hour()) + "#" + slot.tenant().value());
  }

  static String openPartition(int shard) {
    return ".open#" + shard;
  }

  /** What an open hour's item says. */
  static OpenHours.Note note(Map<String, AttributeValue> item) {
    var parts = text(item, SORT_KEY).split("#", 2);
    var slot = new Usage.Slot(new TenantId(parts[1]), hourOf(parts[0]));
    return new OpenHours.Note(slot, UUID.fromString(text(item, NONCE)));
  }

  /**
   * What an hour's item says.
   *
   * @throws IllegalStateException when a later release wrote it in a way that this one can't read
   */
  static Usage usage(Map<String, AttributeValue> item) {
    if (!FORMAT_NOW.equals(item.get(FORMAT))) {
      throw new IllegalStateException("usage in a format that this release does not know");
    }
    return Usage.of(
        new TenantId(text(item, PARTITION_KEY)),
        hourOf(text(item, SORT_KEY).substring("hour#".length())),
        Amounts.of(measure -> steps(measure, item)));
  }

  /** Adds amounts to an hour. DynamoDB's numbers are decimal ones, so that units stay exact. */
  static String adding(Amounts amounts) {
    return Measure.ALL.stream()
        .filter(measure -> amounts.steps(measure) != 0)
        .map(measure -> measure.label() + " :" + measure.label())
        .collect(Collectors.joining(", ", "SET f = :f ADD ", ""));
  }

  static Map<String, AttributeValue> values(Amounts amounts) {
    var values = new HashMap<String, AttributeValue>();
    values.put(":f", FORMAT_NOW);
    Measure.ALL.stream()
        .filter(measure -> amounts.steps(measure) != 0)
        .forEach(measure -> values.put(":" + measure.label(), number(measure, amounts)));
    return values;
  }

  /** The tenant that a day's item lists. */
  static TenantId tenant(Map<String, AttributeValue> item) {
    return new TenantId(text(item, SORT_KEY));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    if (value == null) {
      throw new IllegalStateException("an item without " + name);
    }
    return value.s();
  }

  private static AttributeValue number(Measure measure, Amounts amounts) {
    return AttributeValue.fromN(measure.units(amounts.steps(measure)).toPlainString());
  }

  private static long steps(Measure measure, Map<String, AttributeValue> item) {
    var value = item.get(measure.label());
    return value == null ? 0 : measure.steps(new BigDecimal(value.n()));
  }

  private static Map<String, AttributeValue> key(String partition, String sort) {
    return Map.of(
        PARTITION_KEY, AttributeValue.fromS(partition), SORT_KEY, AttributeValue.fromS(sort));
  }

  private static int shardOf(TenantId tenant) {
    return Math.floorMod(tenant.value().hashCode(), SHARDS);
  }

  private static String text(Instant hour) {
    return HOUR.format(hour.atOffset(ZoneOffset.UTC));
  }

  private static Instant hourOf(String text) {
    return LocalDateTime.parse(text, HOUR).toInstant(ZoneOffset.UTC);
  }
}
