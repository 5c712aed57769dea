package dev.partywall.storage;

import java.util.List;
import java.util.Optional;

/**
 * Which items of a collection are wanted, newest (greatest id) first.
 *
 * @param labels those of the index that are wanted; none for {@link Index#PRIMARY}
 * @param limit how many at most
 * @param after an id: only what is older is wanted
 */
public record Query(
    String collection, Index index, List<String> labels, int limit, Optional<String> after) {

  /** Refuses what can't be asked. */
  public Query {
    Key.requireCollection(collection);
    labels.forEach(Key::requireLabel);
    after.ifPresent(Key::requireId);
    if (limit < 1 || labels.isEmpty() != (index == Index.PRIMARY)) {
      throw new IllegalArgumentException("a query needs a limit, and labels for an index only");
    }
    labels = List.copyOf(labels);
  }

  /** The whole collection. */
  public static Query all(String collection, int limit) {
    return new Query(collection, Index.PRIMARY, List.of(), limit, Optional.empty());
  }

  /** What has one of these labels. */
  public static Query labelled(String collection, Index index, List<String> labels, int limit) {
    return new Query(collection, index, labels, limit, Optional.empty());
  }

  /** This query, going on behind that id. */
  public Query after(String id) {
    return new Query(collection, index, labels, limit, Optional.of(id));
  }
}
