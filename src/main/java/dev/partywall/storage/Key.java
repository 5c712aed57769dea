package dev.partywall.storage;

import java.util.Optional;

/**
 * An item's key within its tenant.
 *
 * @param collection the kind of item, such as {@code order}: a lower-case letter, then up to 31
 *     lower-case letters, digits and hyphens
 * @param id 1 to 256 visible ASCII characters without {@code #}; queries are ordered by it
 */
public record Key(String collection, String id) {
  private static final int MAX_COLLECTION_LENGTH = 32;
  private static final int MAX_PART_LENGTH = 256;

  /** Rejects parts that would make a sort key ambiguous. */
  public Key {
    requireCollection(collection);
    requireId(id);
  }

  /** Returns the key for an id from a request. Empty if the id is not valid. */
  public static Optional<Key> parse(String collection, String id) {
    return isPart(id) ? Optional.of(new Key(collection, id)) : Optional.empty();
  }

  String sortKey() {
    return collection + "#" + id;
  }

  /** Returns {@code <collection>#<indexKey>#<id>}. Items with one index key are ordered by id. */
  String indexSortKey(String indexKey) {
    return collection + "#" + indexKey + "#" + id;
  }

  static String requireId(String id) {
    return require(isPart(id), id, "id");
  }

  static String requirePart(String part) {
    return require(isPart(part), part, "part");
  }

  static String requireCollection(String collection) {
    return require(isCollection(collection), collection, "collection");
  }

  private static String require(boolean valid, String text, String part) {
    if (!valid) {
      throw new IllegalArgumentException("invalid form of a key's " + part);
    }
    return text;
  }

  // Runs several times for every item of every page: a regular expression cost 7 µs per page.
  private static boolean isPart(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c < '!' || c > '~' || c == '#') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_PART_LENGTH;
  }

  private static boolean isCollection(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (!(isLetter(c) || (i > 0 && (isDigit(c) || c == '-')))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_COLLECTION_LENGTH;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
