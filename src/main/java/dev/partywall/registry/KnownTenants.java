package dev.partywall.registry;

import dev.partywall.concurrent.TwoGenerationCache;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of the active tenants, and the ids of which no tenant is registered. Both caches are
 * bounded, and tokens of many unregistered tenants cannot displace a registered one.
 */
final class KnownTenants {
  private static final Logger LOG = LoggerFactory.getLogger(KnownTenants.class);

  private final Function<TenantId, Optional<TenantRecord>> source;
  private final int maxRegistered;
  private final int maxUnregistered;
  private final SharedReads<TenantId, Entry> reads =
      new SharedReads<>(this::inMemory, this::read, this::store);
  private volatile Caches caches;

  /**
   * A record in memory. A change replaces the content of the entry, not the entry: a cache that
   * moves its entries at the same time cannot bring back an old record.
   */
  private static final class Entry {
    private volatile Optional<TenantRecord> tenant;
    private volatile boolean removed;

    Entry(Optional<TenantRecord> tenant) {
      this.tenant = tenant;
    }
  }

  private record Caches(
      TwoGenerationCache<TenantId, Entry> registered,
      TwoGenerationCache<TenantId, Entry> unregistered) {
    TwoGenerationCache<TenantId, Entry> cacheOf(Entry entry) {
      return entry.tenant.isPresent() ? registered : unregistered;
    }
  }

  /**
   * Creates empty caches.
   *
   * @param source reads a record from the registry
   * @param maxRegistered the maximum number of records in memory
   * @param maxUnregistered the maximum number of ids of which no tenant is registered
   */
  KnownTenants(
      Function<TenantId, Optional<TenantRecord>> source, int maxRegistered, int maxUnregistered) {
    this.source = source;
    this.maxRegistered = maxRegistered;
    this.maxUnregistered = maxUnregistered;
    this.caches = newCaches();
  }

  private Caches newCaches() {
    return new Caches(
        new TwoGenerationCache<>(maxRegistered), new TwoGenerationCache<>(maxUnregistered));
  }

  /** Returns the record of a tenant. Reads it if it is not in memory. */
  Optional<TenantRecord> find(TenantId id) {
    return reads.get(id).tenant;
  }

  /**
   * Notes that a tenant has changed. Its registration may be new, and reads that have begun before
   * are discarded.
   *
   * @return whether its record is in memory and must be refreshed
   */
  boolean invalidate(TenantId id) {
    reads.discard(id);
    var entry = caches.unregistered.get(id);
    if (entry != null) {
      remove(id, entry);
    }
    return caches.registered.get(id) != null;
  }

  /** Reads the record of a tenant again if it is in memory. */
  void refresh(TenantId id) {
    var entry = caches.registered.get(id);
    if (entry != null) {
      try {
        entry.tenant = source.apply(id);
      } catch (ApiException e) {
        throw e; // the registry cannot be reached: the poll fails, and the next one repeats it
      } catch (RuntimeException e) {
        // Only this tenant's requests fail. An exception here would stop all later changes.
        LOG.error("The record of tenant {} cannot be read", id, e);
        remove(id, entry);
      }
    }
  }

  /** Removes all records from memory. */
  void clear() {
    // In this order, a read that began before cannot reach the new caches.
    reads.discardAll();
    caches = newCaches();
  }

  private void remove(TenantId id, Entry entry) {
    entry.removed = true; // the cache may move the entry at the same time, and keep it
    caches.cacheOf(entry).remove(id);
  }

  private @Nullable Entry inMemory(TenantId id) {
    var entry = current(caches.registered.get(id));
    return entry != null ? entry : current(caches.unregistered.get(id));
  }

  private static @Nullable Entry current(@Nullable Entry entry) {
    return entry == null || entry.removed ? null : entry;
  }

  private Entry read(TenantId id) {
    return new Entry(source.apply(id));
  }

  private void store(TenantId id, Entry entry) {
    caches.cacheOf(entry).put(id, entry);
  }
}
