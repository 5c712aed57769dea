package dev.partywall.metering.ledger;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.storage.Attributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A part of an hour's usage that reached the ledger late, for example from the disk of an instance
 * that crashed and was started again much later. The usage of the hour includes it.
 *
 * @param id unique within the hour
 * @param recordedAt the time of its arrival, by the clock of the instance that wrote it, in
 *     milliseconds
 */
public record LateUsage(String id, Instant recordedAt, Amounts amounts) {
  private static final String ID = "id";
  private static final String AT = "at";
  private static final String AMOUNTS = "amounts";

  /** Returns the list of this part alone, to append it to the list in the hour's item. */
  AttributeValue toList() {
    var stored = new HashMap<String, AttributeValue>();
    amounts
        .meters()
        .forEach(
            meter -> stored.put(meter.attribute(), LedgerItem.number(meter, amounts.steps(meter))));
    return AttributeValue.fromL(
        List.of(
            AttributeValue.fromM(
                Map.of(
                    ID, Attributes.text(id),
                    AT, number(recordedAt),
                    AMOUNTS, AttributeValue.fromM(stored)))));
  }

  /** Parses the list in an hour's item. */
  static List<LateUsage> parseAll(@Nullable AttributeValue list, ServiceMeters meters) {
    return list == null
        ? List.of()
        : list.l().stream().map(entry -> parse(entry.m(), meters)).toList();
  }

  private static LateUsage parse(Map<String, AttributeValue> entry, ServiceMeters meters) {
    return new LateUsage(
        Attributes.requiredText(entry, ID),
        instant(Objects.requireNonNull(entry.get(AT))),
        LedgerItem.amounts(Objects.requireNonNull(entry.get(AMOUNTS)).m(), meters));
  }

  static AttributeValue number(Instant instant) {
    return Attributes.number(instant.toEpochMilli());
  }

  static Instant instant(AttributeValue millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis.n()));
  }
}
