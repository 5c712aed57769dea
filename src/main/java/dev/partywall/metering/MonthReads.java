package dev.partywall.metering;

import dev.partywall.concurrent.RecurringFailure;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.quota.MonthlyRequests;
import dev.partywall.tenancy.Execution;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the months that are due, one batch at a time: periodically, and at once for a request that
 * waits for the result.
 */
final class MonthReads {
  private static final Logger LOG = LoggerFactory.getLogger(MonthReads.class);

  private final MonthlyRequests months;
  private final Duration maxWait;
  private final ReentrantLock reading = new ReentrantLock();
  private final RecurringFailure failure =
      new RecurringFailure(LOG, "Reading the requests of the month");

  /**
   * Creates the reads of these months.
   *
   * @param maxWait the longest wait of a request, and of a read for the one before
   */
  MonthReads(MonthlyRequests months, Duration maxWait) {
    this.months = months;
    this.maxWait = maxWait;
  }

  /** Reads the months that are due. If a read is in progress for longer, the next call does it. */
  void read() {
    try {
      if (reading.tryLock(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          failure.attempt(months::readDue);
        } finally {
          reading.unlock();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns the tenant's requests in the current month, and waits for a read that is due. After the
   * longest wait, and while the ledger is unavailable, it returns the last number.
   *
   * @return empty if the month was never read
   */
  OptionalLong requestsThisMonth(MeteredTenant tenant) {
    months.requestsThisMonth(tenant); // requests the read
    // The batch can contain other tenants, so the request does not read it itself.
    var read = Execution.inSameTrace(this::read);
    var batch = Thread.ofVirtual().name("months-read-now").start(read);
    try {
      batch.join(maxWait);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the request has timed out
    }
    return months.requestsThisMonth(tenant);
  }

  /** Returns the problem of the last read, for an operator. */
  Optional<String> problem() {
    return failure.problem();
  }
}
