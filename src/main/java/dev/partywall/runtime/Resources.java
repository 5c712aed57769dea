package dev.partywall.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acquired resources of a service. They are released in the reverse order of their acquisition,
 * when the service stops and after a start that fails half-way.
 */
final class Resources {
  private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

  /** The wait after the timeout for calls in progress, of all resources together. */
  static final Duration MARGIN = Duration.ofSeconds(5);

  /** The shortest wait for a resource that is closed without a wait for a call. */
  private static final Duration MIN_WAIT = Duration.ofMillis(100);

  private final Deque<Entry> entries = new ArrayDeque<>();

  private record Entry(String name, Release release) {}

  /** Releases one resource. */
  @FunctionalInterface
  interface Release {
    /**
     * Releases the resource.
     *
     * @param timeout the longest wait; zero or negative for none
     * @return false if the resource is released only in part
     * @throws Exception if the release fails; the other resources are released nevertheless
     */
    boolean within(Duration timeout) throws Exception;
  }

  /**
   * Adds a resource, and returns it. Its close may wait for a call in progress to a dependency. If
   * this takes too long, the other resources are released meanwhile.
   */
  <T extends AutoCloseable> T add(String name, T resource) {
    addRelease(name, timeout -> close(name, resource, timeout.plus(MARGIN)));
    return resource;
  }

  private static boolean close(String name, AutoCloseable resource, Duration timeout)
      throws Exception {
    var closing =
        new FutureTask<>(() -> {
          resource.close();
          return true;
        });
    Thread.ofVirtual().name("close " + name).start(closing);
    var wait = timeout.compareTo(MIN_WAIT) < 0 ? MIN_WAIT : timeout;
    try {
      return closing.get(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      LOG.warn("Release of {} has not ended in time", name);
      return true; // neither requests nor usage are lost
    }
  }

  /** Adds a resource with its release. */
  synchronized void addRelease(String name, Release release) {
    entries.push(new Entry(name, release));
  }

  /**
   * Releases all resources, the latest first. A second call has no effect.
   *
   * @param timeout the longest wait for all of them together
   * @return the names of the resources that were not released completely
   */
  synchronized List<String> release(Duration timeout) {
    var deadline = System.nanoTime() + timeout.toNanos();
    var incomplete = new ArrayList<String>();
    while (!entries.isEmpty()) {
      var entry = entries.pop();
      if (!isReleased(entry, Duration.ofNanos(deadline - System.nanoTime()))) {
        incomplete.add(entry.name());
      }
    }
    return incomplete;
  }

  private static boolean isReleased(Entry entry, Duration timeout) {
    try {
      return entry.release().within(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) { // the other resources must be released nevertheless
      LOG.error("Release of {} failed", entry.name(), e);
      return false;
    }
  }
}
