package dev.partywall.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * A thing that is stored.
 *
 * @param version a number of the caller's, which {@link Condition.VersionIs} compares
 * @param first the label that it is found under in {@link Index#FIRST}: of the same form as an id
 * @param second likewise in {@link Index#SECOND}
 * @param document the thing itself, which storage never looks into
 * @param expiry from when on it counts as not there; whole seconds
 */
public record Item(
    Key key,
    long version,
    Optional<String> first,
    Optional<String> second,
    String document,
    Optional<Instant> expiry) {

  /** Refuses labels that could run into an id. */
  public Item {
    first.ifPresent(Key::requireLabel);
    second.ifPresent(Key::requireLabel);
  }

  /** A first version without labels that never expires. */
  public static Item of(Key key, String document) {
    return new Item(key, 1, Optional.empty(), Optional.empty(), document, Optional.empty());
  }

  /** This item, as that version. */
  public Item withVersion(long number) {
    return new Item(key, number, first, second, document, expiry);
  }

  /** This item, under these labels. */
  public Item labelled(String one, String two) {
    return new Item(key, version, Optional.of(one), Optional.of(two), document, expiry);
  }

  /** This item, until then. */
  public Item expiring(Instant when) {
    return new Item(key, version, first, second, document, Optional.of(when));
  }

  boolean isExpired(Instant now) {
    return expiry.filter(when -> !when.isAfter(now)).isPresent();
  }
}
