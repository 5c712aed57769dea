package dev.partywall.metering.ledger;

import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.Usage;
import java.time.Instant;
import java.util.List;

/**
 * A tenant's hour in the ledger.
 *
 * @param usage all usage of the hour
 * @param changedAt the time of the last change of the usage that is not late, by the clock of the
 *     instance that wrote it
 * @param late the parts of the usage that reached the ledger late, in the order of their arrival.
 *     They never change
 */
public record LedgerHour(Usage usage, Instant changedAt, List<LateUsage> late) {
  /** Returns the usage that is not late. It does not change any more once the hour is late. */
  public Amounts onTime() {
    var amounts = usage.amounts();
    for (var part : late) {
      amounts = amounts.minus(part.amounts());
    }
    return amounts;
  }
}
