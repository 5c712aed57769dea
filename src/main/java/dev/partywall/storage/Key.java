package dev.partywall.storage;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An item's name within its tenant.
 *
 * @param collection what kind of thing it is, such as {@code order}: a lower-case letter, then up
 *     to 31 letters, digits and hyphens
 * @param id up to 256 visible ASCII characters without {@code #}; lists are in its order
 */
public record Key(String collection, String id) {
  private static final Pattern COLLECTION = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern PART = Pattern.compile("[!-~&&[^#]]{1,256}");

  /** Refuses parts that could run into each other in a sort key. */
  public Key {
    require(COLLECTION, collection, "collection");
    require(PART, id, "id");
  }

  /** The key of that id, as a caller may have sent it; empty when nothing can have such an id. */
  public static Optional<Key> parse(String collection, String id) {
    return PART.matcher(id).matches() ? Optional.of(new Key(collection, id)) : Optional.empty();
  }

  String sortKey() {
    return collection + "#" + id;
  }

  /** {@code <collection>#<label>#<id>}: within a label, an index is in the order of ids too. */
  String sortKeyUnder(String label) {
    return collection + "#" + label + "#" + id;
  }

  static String requireId(String id) {
    return require(PART, id, "id");
  }

  static String requireLabel(String label) {
    return require(PART, label, "label");
  }

  static String requireCollection(String collection) {
    return require(COLLECTION, collection, "collection");
  }

  private static String require(Pattern form, String text, String what) {
    if (!form.matcher(text).matches()) {
      throw new IllegalArgumentException("not the form of a key's " + what);
    }
    return text;
  }
}
