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

/** The look at where tenants live that a start takes while the rest of it goes on. */
public final class FirstLook {
  private static final Logger LOG = LoggerFactory.getLogger(FirstLook.class);

  private final FutureTask<List<String>> changes;

  private FirstLook(FutureTask<List<String>> changes) {
    this.changes = changes;
  }

  static FirstLook begin(Callable<List<String>> changes) {
    var look = new FutureTask<>(changes);
    Thread.startVirtualThread(look);
    return new FirstLook(look);
  }

  /**
   * Waits until it is known, but no longer than that.
   *
   * @throws PlacementsChanged when somebody is to live elsewhere than before
   */
  public void await(Duration patience) throws PlacementsChanged {
    try {
      var found = changes.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!found.isEmpty()) {
        throw new PlacementsChanged(found);
      }
    } catch (TimeoutException _) {
      LOG.info("where tenants live is not known yet: readiness waits for it");
    } catch (ExecutionException e) {
      throw new IllegalStateException("the look at where tenants live failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at the start", e);
    }
  }
}
