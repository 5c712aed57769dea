package dev.partywall.operations.receipt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.json.Json;
import dev.partywall.tenancy.registry.ReceiptKeyStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of all receipts: the current one, and those that have signed earlier receipts. A
 * key stays available when the service gets another one.
 */
public final class ReceiptKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiptKeys.class);

  /** The interval between two reads of the store. */
  private static final Duration MAX_AGE = Duration.ofSeconds(60);

  private final ReceiptKeyStore store;
  private final LongSupplier nanoTime;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile KnownKeys known;

  /**
   * The known keys.
   *
   * @param jwks the JSON Web Keys by their ids
   * @param complete whether the last read of the store was successful
   * @param expiresAt the time of the next read, of the monotonic clock
   */
  private record KnownKeys(Map<String, String> jwks, boolean complete, long expiresAt) {
    KnownKeys with(Map<String, String> more, boolean isComplete, long end) {
      var all = new LinkedHashMap<>(jwks);
      all.putAll(more);
      return new KnownKeys(all, isComplete, end);
    }
  }

  /**
   * Creates the keys without a call.
   *
   * @param current the key of this service; empty if it signs no receipts
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public ReceiptKeys(
      ReceiptKeyStore store, Optional<PublicReceiptKey> current, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
    var jwks = new LinkedHashMap<String, String>();
    current.ifPresent(key -> jwks.put(key.id(), key.jwk()));
    this.known = new KnownKeys(jwks, false, nanoTime.getAsLong());
  }

  /**
   * Returns the route of the management port that publishes the keys as a JWK set (RFC 7517,
   * section 5). It requires no token.
   */
  public Route route() {
    return Route.open("GET", "/.well-known/partywall-keys.json", this::keySet);
  }

  /**
   * Stores the key that signs a receipt. Storing it again has no effect.
   *
   * @throws ApiException as {@code Unavailable} if it cannot be stored
   */
  void keep(PublicReceiptKey key) {
    store.add(key.id(), key.jwk());
  }

  /** Without the store, returns the keys that this instance knows. Clients must not cache them. */
  private Response keySet(Request unused) {
    refresh();
    var keys = known;
    var set = JsonNodeFactory.instance.objectNode();
    var entries = set.putArray("keys");
    keys.jwks().values().stream().map(Json::parseStored).forEach(entries::add);
    return Response.of(200, "application/jwk-set+json", Json.write(set))
        .with("Cache-Control", keys.complete() ? "max-age=" + MAX_AGE.toSeconds() : "no-store");
  }

  /** Reads the store at most once in 60 s, also if it fails. Meanwhile, no other request waits. */
  private void refresh() {
    if (nanoTime.getAsLong() - known.expiresAt() < 0 || !reading.tryLock()) {
      return;
    }
    try {
      var stored = store.all();
      known = known.with(stored, true, nextRead());
    } catch (ApiException e) {
      LOG.warn("The keys of earlier receipts cannot be read", e);
      known = known.with(Map.of(), false, nextRead());
    } finally {
      reading.unlock();
    }
  }

  private long nextRead() {
    return nanoTime.getAsLong() + MAX_AGE.toNanos();
  }
}
