package dev.partywall.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * A stored item.
 *
 * @param version the caller's version number, which {@link WriteCondition.VersionIs} compares
 * @param document the content; storage never parses it
 * @param expiry from this time on, the item counts as absent; in full seconds
 */
public record Item(Key key, long version, String document, Optional<Instant> expiry) {

  /** Returns an item with version 1 that never expires. */
  public static Item of(Key key, String document) {
    return new Item(key, 1, document, Optional.empty());
  }

  /** Returns a copy with that version. */
  public Item withVersion(long number) {
    return new Item(key, number, document, expiry);
  }

  /** Returns a copy that expires at that time. */
  public Item withExpiry(Instant end) {
    return new Item(key, version, document, Optional.of(end));
  }

  boolean isExpired(Instant now) {
    return expiry.filter(end -> !end.isAfter(now)).isPresent();
  }
}
