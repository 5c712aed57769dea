package dev.partywall.identity;

import dev.partywall.http.Refusal;
import dev.partywall.http.Refused;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one issuer, as they were when it last answered. There is at most one fetch at a time,
 * on a thread of its own. While the issuer is away its last keys stay in use, for as long as it
 * takes: an outage there must not become one here.
 */
final class IssuerKeys {
  /** How long keys are taken for current. */
  static final Duration FRESH = Duration.ofMinutes(2);

  /** How long a failed fetch is not repeated. */
  static final Duration RETRY = Duration.ofSeconds(5);

  /** How long unknown key ids cause no further fetch. */
  static final Duration UNKNOWN_ID_GAP = Duration.ofSeconds(10);

  /** How many requests with unknown key ids may wait for a fetch at once. */
  static final int MOST_WAITING = 200;

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  private final Issuer issuer;
  private final IssuerDocuments documents;
  private final InstantSource clock;
  private final Semaphore waiting = new Semaphore(MOST_WAITING);
  private volatile State state = new State(null, null, null, true);
  private Instant begun = Instant.EPOCH;
  private Instant asked = Instant.EPOCH;
  private CompletableFuture<Void> flight = CompletableFuture.completedFuture(null);

  /** What is known of the issuer; {@code failed} when the last fetch did. */
  private record State(
      @Nullable SigningKeys keys,
      @Nullable Instant lastSuccess,
      @Nullable String problem,
      boolean failed) {}

  IssuerKeys(Issuer issuer, IssuerDocuments documents, InstantSource clock) {
    this.issuer = issuer;
    this.documents = documents;
    this.clock = clock;
  }

  /**
   * The keys of that id. An id that nobody has heard of may be a new key's: then the issuer is
   * asked, but not often.
   *
   * @throws Refused as {@link Refusal.Unavailable} before its first keys are there
   */
  List<SigningKey> with(String id) {
    var found = held().with(id);
    if (found.isEmpty()) {
      await(fetchForUnknownId());
      found = held().with(id);
    }
    return found;
  }

  /** Whether that key has not been withdrawn. */
  boolean hold(SigningKey key) {
    return held().hold(key);
  }

  /** Fetches the keys where they are due. */
  CompletableFuture<Void> refresh() {
    return fetchUnlessTriedWithin(state.failed ? RETRY : FRESH);
  }

  IssuerStatus status() {
    var now = state;
    return new IssuerStatus(
        issuer.name(),
        now.keys != null,
        Optional.ofNullable(now.lastSuccess),
        Optional.ofNullable(now.problem));
  }

  private SigningKeys held() {
    var keys = state.keys;
    if (keys == null) {
      throw new Refused(new Refusal.Unavailable("Tokens can't be verified at the moment.", RETRY));
    }
    return keys;
  }

  private synchronized CompletableFuture<Void> fetchUnlessTriedWithin(Duration gap) {
    return isWithin(begun, gap) ? flight : takeOff();
  }

  /** Counted apart from all other fetches: the first unknown id after a rotation is looked up. */
  private synchronized CompletableFuture<Void> fetchForUnknownId() {
    if (isWithin(asked, UNKNOWN_ID_GAP)) {
      return flight;
    }
    asked = clock.instant();
    return takeOff();
  }

  private CompletableFuture<Void> takeOff() {
    if (flight.isDone()) {
      begun = clock.instant();
      flight = CompletableFuture.runAsync(this::fetch, Thread::startVirtualThread);
    }
    return flight;
  }

  /** A negative time means that the clock was set back, and says nothing. */
  private boolean isWithin(Instant time, Duration gap) {
    var since = Duration.between(time, clock.instant());
    return !since.isNegative() && since.compareTo(gap) < 0;
  }

  private void fetch() {
    var before = state;
    try {
      var keys = documents.keys(issuer);
      // An empty set at the start is no keys yet; later on it means that all are withdrawn.
      var none = keys.named().isEmpty() && before.keys == null;
      state = new State(none ? null : keys, clock.instant(), problem(keys), none);
    } catch (IOException | RuntimeException e) {
      LOG.debug("fetching the keys of {} failed", issuer.name(), e);
      state = new State(before.keys, before.lastSuccess, Objects.toString(e.getMessage()), true);
    }
    report(before.problem, state.problem);
  }

  private static @Nullable String problem(SigningKeys keys) {
    if (keys.named().isEmpty()) {
      return "it has no key that may be used";
    }
    return keys.leftOut().isEmpty() ? null : "left out: " + String.join("; ", keys.leftOut());
  }

  /** One line when something changes, not one for each attempt. */
  private void report(@Nullable String before, @Nullable String now) {
    if (now != null && !now.equals(before)) {
      LOG.warn("issuer {}: {}", issuer.name(), now);
    } else if (now == null && before != null) {
      LOG.info("issuer {}: its keys are there again", issuer.name());
    }
  }

  /** Nobody waits behind {@link #MOST_WAITING} others: a slow issuer must not fill the service. */
  private void await(CompletableFuture<Void> flight) {
    if (!waiting.tryAcquire()) {
      return;
    }
    try {
      flight.get(documents.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("the issuer is slow; going on with the keys that are there", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("fetching keys failed in an unforeseen way", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(new Refusal.Unavailable("The service is busy.", RETRY), e);
    } finally {
      waiting.release();
    }
  }
}
