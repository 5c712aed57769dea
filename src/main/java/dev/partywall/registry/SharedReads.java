package dev.partywall.registry;

import dev.partywall.concurrent.OutOfMemory;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.Execution;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that are not in memory. One read per key serves all threads that need the value. A
 * value that was read before a change is discarded, and the read is repeated.
 *
 * <p>A read runs on its own thread: a request that times out stops waiting, and the read continues
 * for the other requests. Its calls to AWS are in the trace of the request that has started it.
 */
final class SharedReads<K, V> {
  private final Function<K, @Nullable V> memory;
  private final Function<K, V> source;
  private final BiConsumer<K, V> store;
  private final ConcurrentHashMap<K, PendingRead<V>> pending = new ConcurrentHashMap<>();

  /** A read in progress. */
  private static final class PendingRead<V> {
    final CompletableFuture<V> result = new CompletableFuture<>();
    volatile boolean discarded;
  }

  /**
   * Creates reads.
   *
   * @param memory returns the value in memory, or null
   * @param source reads the value
   * @param store stores a value in memory
   */
  SharedReads(Function<K, @Nullable V> memory, Function<K, V> source, BiConsumer<K, V> store) {
    this.memory = memory;
    this.source = source;
    this.store = store;
  }

  /**
   * Returns the value in memory, or reads it. Throws the exception of the source if the read fails.
   */
  V get(K key) {
    var value = memory.apply(key);
    return value != null ? value : await(read(key));
  }

  /** Discards the results of a read that has begun before: the value has changed. */
  void discard(K key) {
    pending.computeIfPresent(
        key,
        (_, read) -> {
          read.discarded = true;
          return read;
        });
  }

  /** Discards the results of all reads that have begun before. */
  void discardAll() {
    pending.keySet().forEach(this::discard);
  }

  private CompletableFuture<V> read(K key) {
    var own = new PendingRead<V>();
    var other = pending.putIfAbsent(key, own);
    if (other != null) {
      return other.result;
    }
    Thread.startVirtualThread(Execution.inSameTrace(() -> perform(key, own)));
    return own.result;
  }

  private void perform(K key, PendingRead<V> read) {
    try {
      var value = memory.apply(key); // another read may have ended before this one was pending
      read.result.complete(value != null ? value : readCurrent(key, read));
    } catch (RuntimeException | Error e) {
      OutOfMemory.exitIfCauseOf(e);
      pending.remove(key, read); // first: a request after the failure causes another read
      read.result.completeExceptionally(e);
    } finally {
      pending.remove(key, read);
    }
  }

  /** Reads until no change has discarded the value. */
  private V readCurrent(K key, PendingRead<V> read) {
    V value;
    do {
      read.discarded = false;
      value = source.apply(key);
    } while (!storeUnlessDiscarded(key, read, value));
    return value;
  }

  /** Stores the value and ends the read in one step. A later change finds the value in memory. */
  private boolean storeUnlessDiscarded(K key, PendingRead<V> read, V value) {
    var remaining =
        pending.compute(
            key,
            (_, _) -> {
              if (read.discarded) {
                return read;
              }
              store.accept(key, value);
              return null;
            });
    return remaining == null;
  }

  private static <V> V await(CompletableFuture<V> result) {
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      // The request has timed out. Its timeout filter must still find the thread interrupted.
      Thread.currentThread().interrupt();
      throw new ApiException(
          new ApiError.Unavailable(
              "The registry of tenants is temporarily unavailable.", Duration.ofSeconds(2)),
          e);
    }
  }
}
