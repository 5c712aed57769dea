package dev.partywall.operations;

import dev.partywall.concurrent.Backoff;
import dev.partywall.concurrent.Periodic;
import dev.partywall.error.ApiException;
import dev.partywall.storage.TableProvisioning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the tables of the service in the background: creates missing ones, and enables time to
 * live, where the configuration permits it. The start of the service does not wait for it.
 * Readiness probes only read.
 */
public final class Provisioning implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);
  private static final Backoff RETRIES =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5), 0.5);

  private final TableProvisioning tables;
  private final boolean createTables;
  private volatile @Nullable Periodic preparation;

  /**
   * Prepares these tables.
   *
   * @param createTables whether missing tables are created
   */
  public Provisioning(TableProvisioning tables, boolean createTables) {
    this.tables = tables;
    this.createTables = createTables;
  }

  /**
   * Starts the preparation, which is repeated until it succeeds.
   *
   * @param random from 0 (inclusive) to 1 (exclusive), for the delay between two attempts
   */
  public Provisioning start(DoubleSupplier random) {
    preparation = Periodic.untilSuccess(LOG, "provisioning", RETRIES, random, this::prepare);
    return this;
  }

  /**
   * Returns the faults of the tables, one line each, and the reason why missing tables cannot be
   * created. Changes no table.
   *
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if DynamoDB is unavailable
   */
  public List<String> faults() {
    var faults = new ArrayList<>(tables.faults());
    var running = preparation;
    if (createTables && running != null && !faults.isEmpty()) {
      running.problem().ifPresent(faults::add);
    }
    return faults;
  }

  private void prepare() {
    try {
      var faults = tables.faults();
      if (createTables && (faults.isEmpty() ? isExpiryOff() : tables.isAnyMissing())) {
        tables.createMissing();
      } else if (!faults.isEmpty()) {
        throw new IllegalStateException(String.join("; ", faults));
      }
    } catch (ApiException e) {
      throw new IllegalStateException(reason(e), e.getCause());
    }
  }

  /**
   * A process can end, or a call can fail, after the creation of a table and before the activation
   * of its time to live. The table is usable, but would keep expired items for ever.
   */
  private boolean isExpiryOff() {
    try {
      return tables.isAnyWithoutTimeToLive();
    } catch (ApiException e) {
      if (e.getCause() == null) {
        return false; // denied, which is logged: a repetition would be denied as well
      }
      throw e;
    }
  }

  /** A denied call has no cause: its complete log entry is written already. */
  private static String reason(ApiException e) {
    var reason = "DynamoDB is unreachable, or rejects the credentials";
    return e.getCause() == null ? reason : reason + ": " + e.getCause().getMessage();
  }

  /** Makes no further attempt. Does not wait for an attempt in progress. */
  @Override
  public void close() {
    var running = preparation;
    if (running != null) {
      running.stop();
    }
  }
}
