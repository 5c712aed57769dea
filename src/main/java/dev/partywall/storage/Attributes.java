package dev.partywall.storage;

import dev.partywall.tenancy.TenantLocation;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The attributes that all tables share, and the mapping of items to attributes and back. */
public final class Attributes {
  /** The partition key of every table. */
  public static final String PARTITION_KEY = "pk";

  /** The sort key of every table. */
  public static final String SORT_KEY = "sk";

  /** The format in which an item is stored. */
  public static final String FORMAT = "f";

  /** The time at which DynamoDB deletes an item: epoch seconds, as its time to live requires. */
  public static final String EXPIRY = "ttl";

  /** The first index key, with the collection and the id. */
  public static final String I1 = "i1";

  /** The second index key, with the collection and the id. */
  public static final String I2 = "i2";

  /** The content of an item. */
  public static final String DOCUMENT = "doc";

  /** The version of an item, which conditions compare. */
  public static final String VERSION = "v";

  /** Increases when the meaning of an attribute changes. Each item stores its format. */
  public static final AttributeValue CURRENT_FORMAT = AttributeValue.fromN("1");

  /** Attributes for {@link #read}. {@code #ttl} is an alias of {@link #EXPIRY}, a reserved word. */
  static final String PROJECTION = String.join(", ", SORT_KEY, VERSION, FORMAT, DOCUMENT, "#ttl");

  private Attributes() {}

  /** Returns the attributes of an item in a tenant's location. */
  public static Map<String, AttributeValue> of(
      TenantLocation location, Item item, Optional<IndexKeys> indexKeys) {
    var key = item.key();
    var prefix = location.sortKeyPrefix();
    var attributes = new HashMap<>(keyOf(location, key));
    attributes.put(FORMAT, CURRENT_FORMAT);
    indexKeys.ifPresent(keys -> {
      attributes.put(I1, text(prefix + key.indexSortKey(keys.i1())));
      attributes.put(I2, text(prefix + key.indexSortKey(keys.i2())));
    });
    item.expiry().ifPresent(end -> attributes.put(EXPIRY, number(end.getEpochSecond())));
    attributes.put(VERSION, number(item.version()));
    attributes.put(DOCUMENT, text(item.document()));
    return attributes;
  }

  /** Returns the attributes of an item that has only a key, such as a marker. */
  public static Map<String, AttributeValue> keyAndFormat(String partitionKey, String sortKey) {
    var attributes = new HashMap<>(keyOf(partitionKey, sortKey));
    attributes.put(FORMAT, CURRENT_FORMAT);
    return attributes;
  }

  /** Returns the attributes of the key of an item in a tenant's location. */
  public static Map<String, AttributeValue> keyOf(TenantLocation location, Key key) {
    return keyOf(location.partitionKeyOf(key.id()), location.sortKeyPrefix() + key.sortKey());
  }

  /** Returns the attributes of a key. */
  public static Map<String, AttributeValue> keyOf(String partitionKey, String sortKey) {
    return Map.of(PARTITION_KEY, text(partitionKey), SORT_KEY, text(sortKey));
  }

  /**
   * Reads an item.
   *
   * @throws IllegalStateException when an attribute is missing, or a later release wrote the item
   *     in an unknown format
   */
  public static Item read(Map<String, AttributeValue> attributes) {
    requireKnownFormat(attributes);
    return new Item(
        key(requiredText(attributes, SORT_KEY)),
        requiredNumber(attributes, VERSION),
        requiredText(attributes, DOCUMENT),
        Optional.ofNullable(attributes.get(EXPIRY))
            .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds.n()))));
  }

  /**
   * Checks the format of an item.
   *
   * @throws IllegalStateException when a later release wrote the item in an unknown format
   */
  public static void requireKnownFormat(Map<String, AttributeValue> attributes) {
    if (!CURRENT_FORMAT.equals(required(attributes, FORMAT))) {
      throw new IllegalStateException("the item has a format unknown to this release");
    }
  }

  /** Returns a text value. */
  public static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  /** Returns a number value. */
  public static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /** The prefix of a revision ends with a slash, which a collection never contains. */
  private static Key key(String sortKey) {
    var separator = sortKey.indexOf('#');
    var start = sortKey.lastIndexOf('/', separator) + 1;
    return new Key(sortKey.substring(start, separator), sortKey.substring(separator + 1));
  }

  /**
   * Returns the text of an attribute.
   *
   * @throws IllegalStateException when the item lacks it
   */
  public static String requiredText(Map<String, AttributeValue> attributes, String name) {
    return required(attributes, name).s();
  }

  /**
   * Returns the number in an attribute.
   *
   * @throws IllegalStateException when the item lacks it
   */
  public static long requiredNumber(Map<String, AttributeValue> attributes, String name) {
    return Long.parseLong(required(attributes, name).n());
  }

  private static AttributeValue required(Map<String, AttributeValue> attributes, String name) {
    var value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("the item lacks the attribute " + name);
    }
    return value;
  }
}
