package dev.partywall.storage;

import java.util.List;
import java.util.Optional;

/**
 * A query for items of a collection, newest (greatest id) first.
 *
 * @param indexKeys the index keys to read; empty for {@link Index#PRIMARY}
 * @param limit the maximum number of items
 * @param after an id; only items with smaller ids are returned
 */
public record Query(
    String collection, Index index, List<String> indexKeys, int limit, Optional<String> after) {

  /** Rejects malformed keys, a limit below 1, index keys without an index, and the reverse. */
  public Query {
    Key.requireCollection(collection);
    indexKeys.forEach(Key::requirePart);
    after.ifPresent(Key::requireId);
    if (limit < 1 || indexKeys.isEmpty() != (index == Index.PRIMARY)) {
      throw new IllegalArgumentException(
          "a query requires a positive limit, and index keys if and only if it reads an index");
    }
    indexKeys = List.copyOf(indexKeys);
  }

  /** Returns a query for the complete collection. */
  public static Query all(String collection, int limit) {
    return new Query(collection, Index.PRIMARY, List.of(), limit, Optional.empty());
  }

  /** Returns a query for a page of the complete collection. */
  public static Query all(String collection, int limit, Optional<String> after) {
    return new Query(collection, Index.PRIMARY, List.of(), limit, after);
  }

  /** Returns a query for items with one of these index keys. */
  public static Query byIndex(String collection, Index index, List<String> indexKeys, int limit) {
    return new Query(collection, index, indexKeys, limit, Optional.empty());
  }

  /** Returns a copy that starts after that id. */
  public Query after(String id) {
    return new Query(collection, index, indexKeys, limit, Optional.of(id));
  }
}
