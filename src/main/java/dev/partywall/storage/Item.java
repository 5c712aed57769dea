package dev.partywall.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * A thing that is stored.
 *
 * @param version a number of the caller's, which {@link Condition.VersionIs} compares
 * @param document the thing itself, which storage never looks into
 * @param expiry from when on it counts as not there; whole seconds
 */
public record Item(Key key, long version, String document, Optional<Instant> expiry) {

  /** A first version that never expires. */
  public static Item of(Key key, String document) {
    return new Item(key, 1, document, Optional.empty());
  }

  /** This item, as that version. */
  public Item withVersion(long number) {
    return new Item(key, number, document, expiry);
  }

  /** This item, until then. */
  public Item expiring(Instant when) {
    return new Item(key, version, document, Optional.of(when));
  }

  boolean isExpired(Instant now) {
    return expiry.filter(when -> !when.isAfter(now)).isPresent();
  }
}
