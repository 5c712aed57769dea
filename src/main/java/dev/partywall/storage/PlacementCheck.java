package dev.partywall.storage;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the tenants' placements in the background while the service starts. */
public final class PlacementCheck {
  private static final Logger LOG = LoggerFactory.getLogger(PlacementCheck.class);

  private final FutureTask<List<String>> mismatches;

  private PlacementCheck(FutureTask<List<String>> mismatches) {
    this.mismatches = mismatches;
  }

  static PlacementCheck start(Callable<List<String>> mismatches) {
    var task = new FutureTask<>(mismatches);
    Thread.startVirtualThread(task);
    return new PlacementCheck(task);
  }

  /**
   * Waits for the result, up to the timeout. After a timeout, the readiness check reports the
   * mismatches.
   *
   * @throws PlacementMismatchException when a tenant's configured placement differs from the
   *     recorded one
   */
  public void await(Duration timeout) throws PlacementMismatchException {
    try {
      var found = mismatches.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!found.isEmpty()) {
        throw new PlacementMismatchException(found);
      }
    } catch (TimeoutException _) {
      LOG.info("Placement check not finished, readiness waits for it");
    } catch (ExecutionException e) {
      throw new IllegalStateException("the placement check failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during startup", e);
    }
  }
}
