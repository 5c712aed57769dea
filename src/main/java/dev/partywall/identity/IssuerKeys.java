package dev.partywall.identity;

import dev.partywall.concurrent.OutOfMemory;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The keys of one issuer, from its most recent successful fetch. At most one fetch is in progress,
 * on a separate thread. If the issuer is unavailable, its last keys stay in use without time limit:
 * an issuer outage must not cause an outage of this service.
 */
final class IssuerKeys {
  /** The interval between refreshes after a successful fetch. */
  static final Duration REFRESH_INTERVAL = Duration.ofMinutes(2);

  /**
   * The wait before a failed fetch is repeated. Clients are asked to wait as long (Retry-After).
   */
  static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** The maximum number of requests with unknown key ids that wait for a fetch. */
  static final int MAX_WAITING = 200;

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  private final Issuer issuer;
  private final IssuerDocuments documents;
  private final FetchTimes times;
  private final InstantSource clock;
  private final Semaphore waitingPermits = new Semaphore(MAX_WAITING);
  private final AtomicLong startedFetches = new AtomicLong();
  private volatile State state = new State(0, null, null, true);
  private Instant lastFetch = Instant.EPOCH;
  private Instant lastUnknownIdFetch = Instant.EPOCH;
  private CompletableFuture<Void> pendingFetch = CompletableFuture.completedFuture(null);

  /**
   * The state after the most recent fetch.
   *
   * @param fetch the number of the fetch; the first one has the number 1
   * @param keys the keys in use; null until a fetch has returned a usable key
   * @param problem the problem of the fetch, for operators and the log; null if there was none
   * @param failed whether the fetch failed, or returned no usable key
   */
  private record State(
      long fetch, @Nullable IssuerKeySet keys, @Nullable String problem, boolean failed) {
    /** Without a usable key, no token can be evaluated, so none may be called invalid. */
    IssuerKeySet usable() {
      if (keys == null || keys.byId().isEmpty()) {
        throw unavailable();
      }
      return keys;
    }

    /** A failed fetch does not show whether the issuer publishes an id. */
    List<VerificationKey> absent() {
      if (failed) {
        throw unavailable();
      }
      return List.of();
    }
  }

  IssuerKeys(Issuer issuer, IssuerDocuments documents, FetchTimes times, InstantSource clock) {
    this.issuer = issuer;
    this.documents = documents;
    this.times = times;
    this.clock = clock;
  }

  Issuer issuer() {
    return issuer;
  }

  /**
   * Returns the keys with this id; an issuer may use one id for several keys. An unknown id may
   * belong to a new key and causes a fetch, at most one per {@link FetchTimes#unknownIdInterval}.
   * The list is empty only after a fetch that started during this call: the issuer then did not
   * publish the id when the token had already arrived.
   *
   * @throws ApiException as {@link ApiError.Unavailable} while the issuer has no usable key, if the
   *     id is unknown and no such fetch succeeds in time, or if the request times out
   */
  List<VerificationKey> withId(String id) {
    var found = state.usable().withId(id);
    return found.isEmpty() ? withNewId(id) : found;
  }

  /**
   * Waits for a fetch, unless {@link #MAX_WAITING} requests already wait: a slow issuer must not
   * exhaust the service's capacity.
   */
  private List<VerificationKey> withNewId(String id) {
    var arrival = startedFetches.get();
    if (!waitingPermits.tryAcquire()) {
      throw unavailable();
    }
    try {
      return awaitId(id, arrival);
    } finally {
      waitingPermits.release();
    }
  }

  /**
   * Joins the fetch in progress, and the next one: the issuer may have published the key after the
   * fetch in progress has read the set.
   */
  private List<VerificationKey> awaitId(String id, long arrival) {
    var end = System.nanoTime() + times.unknownIdInterval().plus(times.document()).toNanos();
    while (true) {
      var current = state;
      var found = current.usable().withId(id);
      if (!found.isEmpty()) {
        return found;
      }
      if (current.fetch > arrival) {
        return current.absent();
      }
      await(fetchForUnknownId(arrival), end - System.nanoTime());
    }
  }

  /** Returns whether the issuer still publishes this key. */
  boolean contains(VerificationKey key) {
    var keys = state.keys;
    return keys != null && keys.contains(key);
  }

  /** Fetches the keys if a refresh is due. */
  CompletableFuture<Void> refresh() {
    return fetchUnlessStartedWithin(state.failed ? RETRY_AFTER : REFRESH_INTERVAL);
  }

  IssuerStatus status() {
    var now = state;
    return new IssuerStatus(issuer.name(), now.keys != null, Optional.ofNullable(now.problem));
  }

  private static ApiException unavailable() {
    return new ApiException(
        new ApiError.Unavailable("Tokens cannot be verified at the moment.", RETRY_AFTER));
  }

  private synchronized CompletableFuture<Void> fetchUnlessStartedWithin(Duration interval) {
    return isWithin(lastFetch, interval) ? pendingFetch : startFetch(Duration.ZERO);
  }

  /**
   * Returns the pending fetch, or starts one. The interval is independent of scheduled refreshes:
   * the first unknown id after a rotation causes a fetch immediately. A further fetch follows after
   * a pause, during which its requests wait.
   *
   * @throws ApiException if the last fetch has failed. It is not repeated before the scheduled
   *     refresh, because an outage lasts longer
   */
  private synchronized CompletableFuture<Void> fetchForUnknownId(long arrival) {
    if (!pendingFetch.isDone() || state.fetch > arrival) {
      return pendingFetch; // it can have ended since the caller has read the state
    }
    if (state.failed && isWithin(lastFetch, RETRY_AFTER)) {
      throw unavailable();
    }
    var pause = pauseAfter(lastUnknownIdFetch);
    lastUnknownIdFetch = clock.instant().plus(pause);
    return startFetch(pause);
  }

  private Duration pauseAfter(Instant fetch) {
    return isWithin(fetch, times.unknownIdInterval())
        ? times.unknownIdInterval().minus(Duration.between(fetch, clock.instant()))
        : Duration.ZERO;
  }

  private CompletableFuture<Void> startFetch(Duration pause) {
    if (pendingFetch.isDone()) {
      lastFetch = clock.instant();
      var start =
          CompletableFuture.delayedExecutor(
              pause.toNanos(), TimeUnit.NANOSECONDS, Thread::startVirtualThread);
      pendingFetch = CompletableFuture.runAsync(this::fetch, start);
    }
    return pendingFetch;
  }

  /** Returns false for a negative elapsed time: the clock was set back. */
  private boolean isWithin(Instant time, Duration interval) {
    var elapsed = Duration.between(time, clock.instant());
    return !elapsed.isNegative() && elapsed.compareTo(interval) < 0;
  }

  private void fetch() {
    var number = startedFetches.incrementAndGet();
    var previous = state;
    try {
      var keys = documents.fetchKeys(issuer);
      // A set without a usable key is a failed fetch, which is repeated soon. Nevertheless it
      // replaces earlier keys: the issuer has withdrawn them, and they are no longer accepted.
      var isEmpty = keys.byId().isEmpty();
      var usable = isEmpty && previous.keys == null ? null : keys;
      state = new State(number, usable, problem(keys), isEmpty);
      report(Level.WARN, previous.problem, state.problem);
    } catch (IOException | RuntimeException e) {
      OutOfMemory.exitIfCauseOf(e);
      LOG.debug("Key refresh failed for issuer {}", issuer.name(), e);
      state = new State(number, previous.keys, Objects.toString(e.getMessage()), true);
      report(level(e), previous.problem, state.problem);
    } catch (Error e) { // otherwise only the future of the fetch would contain it
      OutOfMemory.exitIfCauseOf(e);
      throw e;
    }
    recordEnd();
  }

  /** The wait before a repetition begins with the end of a failed fetch, which can take seconds. */
  private synchronized void recordEnd() {
    if (state.failed) {
      lastFetch = clock.instant();
    }
  }

  /** An outage ends by itself. Any other failure needs an operator. */
  private static Level level(Exception failure) {
    return failure instanceof IssuerDocuments.UnexpectedDocumentException
            || failure instanceof RuntimeException
        ? Level.ERROR
        : Level.WARN;
  }

  private static @Nullable String problem(IssuerKeySet keys) {
    if (keys.byId().isEmpty()) {
      return "no usable key";
    }
    return keys.rejectionReasons().isEmpty()
        ? null
        : "rejected keys: " + String.join("; ", keys.rejectionReasons());
  }

  /** Logs changes only, not each attempt. */
  private void report(Level level, @Nullable String previous, @Nullable String current) {
    if (current != null && !current.equals(previous)) {
      LOG.atLevel(level).log("Key refresh problem for issuer {}: {}", issuer.name(), current);
    } else if (current == null && previous != null) {
      LOG.info("Key refresh recovered for issuer {}", issuer.name());
    }
  }

  private void await(CompletableFuture<Void> fetch, long nanos) {
    try {
      fetch.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      LOG.debug("Key fetch timed out for issuer {}", issuer.name(), e);
      throw unavailable();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Unexpected failure of a key fetch", e);
    } catch (InterruptedException e) {
      // The request has timed out. Its timeout filter must still find the thread interrupted.
      Thread.currentThread().interrupt();
      throw new ApiException(new ApiError.Unavailable("The request timed out.", RETRY_AFTER), e);
    }
  }
}
