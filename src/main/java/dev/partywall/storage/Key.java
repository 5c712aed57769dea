package dev.partywall.storage;

import java.util.Optional;

/**
 * An item's name within its tenant.
 *
 * @param collection what kind of thing it is, such as {@code order}: a lower-case letter, then up
 *     to 31 letters, digits and hyphens
 * @param id up to 256 visible ASCII characters without {@code #}; lists are in its order
 */
public record Key(String collection, String id) {
  private static final int LONGEST_COLLECTION = 32;
  private static final int LONGEST_PART = 256;

  /** Refuses parts that could run into each other in a sort key. */
  public Key {
    requireCollection(collection);
    requireId(id);
  }

  /** The key of that id, as a caller may have sent it; empty when nothing can have such an id. */
  public static Optional<Key> parse(String collection, String id) {
    return isPart(id) ? Optional.of(new Key(collection, id)) : Optional.empty();
  }

  String sortKey() {
    return collection + "#" + id;
  }

  /** {@code <collection>#<label>#<id>}: within a label, an index is in the order of ids too. */
  String sortKeyUnder(String label) {
    return collection + "#" + label + "#" + id;
  }

  static String requireId(String id) {
    return require(isPart(id), id, "id");
  }

  static String requireLabel(String label) {
    return require(isPart(label), label, "label");
  }

  static String requireCollection(String collection) {
    return require(isCollection(collection), collection, "collection");
  }

  private static String require(boolean holds, String text, String what) {
    if (!holds) {
      throw new IllegalArgumentException("not the form of a key's " + what);
    }
    return text;
  }

  // Every item of every page is looked at here, several times: a regular expression cost 7 µs a
  // page.
  private static boolean isPart(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c < '!' || c > '~' || c == '#') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= LONGEST_PART;
  }

  private static boolean isCollection(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (!(isLetter(c) || (i > 0 && (isDigit(c) || c == '-')))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= LONGEST_COLLECTION;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
