package dev.partywall.metering.ledger;

import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.Attributes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The number of requests of each tenant per day (UTC). A closed day has its number in an item. The
 * number of an open day is the sum of its hours. Shipping a batch opens its days again, so an item
 * never lacks a late batch for long.
 */
public record DailyRequests(Ledger ledger) {
  private static final String REQUESTS = KernelMeter.REQUESTS.attribute();

  /**
   * A day of a tenant. A day without an item is open.
   *
   * @param nonce differs each time the day is opened; empty if it never was
   * @param requests the number of requests of a closed day
   */
  public record Day(Optional<String> nonce, OptionalLong requests) {
    /** A day without an item. */
    public static final Day UNKNOWN = new Day(Optional.empty(), OptionalLong.empty());

    /** Returns whether the item has the number of requests. */
    public boolean isClosed() {
      return requests.isPresent();
    }
  }

  /** Opens a day: discards its number, and prevents a close that has read its hours already. */
  public void open(MeteredTenant tenant, LocalDate day, UUID nonce) {
    ledger
        .table()
        .update(update ->
            update
                .key(key(tenant, day))
                .updateExpression("SET f = :f, n = :n REMOVE #requests")
                .expressionAttributeNames(Map.of("#requests", REQUESTS))
                .expressionAttributeValues(
                    Map.of(
                        ":f", LedgerItem.CURRENT_FORMAT, ":n", Attributes.text(nonce.toString()))));
  }

  /**
   * Closes a day, unless it is closed or was opened since it was read.
   *
   * @param read the day, read before its hours
   * @param requests the sum of its hours
   */
  public void close(MeteredTenant tenant, LocalDate day, Day read, long requests) {
    try {
      ledger.table().update(update -> close(update.key(key(tenant, day)), read, requests));
    } catch (ConditionalCheckFailedException _) {
      // A batch was shipped, or another instance has closed the day.
    }
  }

  private static void close(UpdateItemRequest.Builder update, Day read, long requests) {
    var values = new HashMap<String, AttributeValue>();
    values.put(":f", LedgerItem.CURRENT_FORMAT);
    values.put(":requests", Attributes.number(requests));
    read.nonce().ifPresent(nonce -> values.put(":n", Attributes.text(nonce)));
    update
        .updateExpression("SET f = :f, #requests = :requests")
        .conditionExpression(
            read.nonce().isPresent()
                ? "n = :n AND attribute_not_exists(#requests)"
                : "attribute_not_exists(pk)")
        .expressionAttributeNames(Map.of("#requests", REQUESTS))
        .expressionAttributeValues(values);
  }

  /**
   * Returns the days from {@code first} to {@code last} that have an item. Takes one query.
   *
   * @throws IllegalStateException if a later release wrote an item in an unsupported format
   */
  public SortedMap<LocalDate, Day> days(MeteredTenant tenant, LocalDate first, LocalDate last) {
    var days = new TreeMap<LocalDate, Day>();
    ledger
        .table()
        .items(tenant.key(), LedgerItem.daySortKey(first), LedgerItem.daySortKey(last))
        .forEach(item -> days.put(LedgerItem.parseDay(item), parse(item)));
    return days;
  }

  /** Returns the requests of the days from {@code first} to {@code last} by their hours. */
  public Map<LocalDate, Long> sumsOfHours(MeteredTenant tenant, LocalDate first, LocalDate last) {
    var sums = new HashMap<LocalDate, Long>();
    ledger
        .usage(tenant, start(first), start(last.plusDays(1)))
        .forEach(usage ->
            sums.merge(
                LocalDate.ofInstant(usage.hour(), ZoneOffset.UTC),
                usage.amounts().steps(KernelMeter.REQUESTS),
                Math::addExact));
    return sums;
  }

  private static Day parse(Map<String, AttributeValue> item) {
    if (!LedgerItem.CURRENT_FORMAT.equals(item.get(Attributes.FORMAT))) {
      throw new IllegalStateException("Day item has an unsupported format");
    }
    var requests = item.get(REQUESTS);
    return new Day(
        Optional.ofNullable(item.get(LedgerItem.NONCE)).map(AttributeValue::s),
        requests == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(requests.n())));
  }

  private static Map<String, AttributeValue> key(MeteredTenant tenant, LocalDate day) {
    return Attributes.keyOf(tenant.key(), LedgerItem.daySortKey(day));
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
