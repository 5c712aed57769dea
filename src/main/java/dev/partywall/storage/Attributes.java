package dev.partywall.storage;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How an item lies in DynamoDB: the names of its attributes, and the way there and back. */
final class Attributes {
  static final String PARTITION_KEY = "pk";
  static final String SORT_KEY = "sk";
  static final String FIRST = "i1";
  static final String SECOND = "i2";
  static final String DOCUMENT = "doc";
  static final String VERSION = "v";
  static final String FORMAT = "f";

  /** Epoch seconds, as DynamoDB's time to live wants them. */
  static final String EXPIRY = "ttl";

  /** Goes up when the meaning of any of these changes; an item says how it is to be read. */
  private static final String FORMAT_NOW = "1";

  /** What {@link #read} reads, with {@code #ttl} for {@link #EXPIRY}, which DynamoDB reserves. */
  static final String WHAT_IS_READ = String.join(", ", SORT_KEY, VERSION, FORMAT, DOCUMENT, "#ttl");

  private Attributes() {}

  static Map<String, AttributeValue> of(String partitionKey, Item item, Optional<Labels> labels) {
    var key = item.key();
    var attributes = new HashMap<>(ofMark(partitionKey, key.sortKey()));
    labels.ifPresent(label -> {
      attributes.put(FIRST, text(key.sortKeyUnder(label.first())));
      attributes.put(SECOND, text(key.sortKeyUnder(label.second())));
    });
    item.expiry().ifPresent(when -> attributes.put(EXPIRY, number(when.getEpochSecond())));
    attributes.put(VERSION, number(item.version()));
    attributes.put(DOCUMENT, text(item.document()));
    return attributes;
  }

  /** A mark says all that it has to say by its key. */
  static Map<String, AttributeValue> ofMark(String partitionKey, String sortKey) {
    var attributes = new HashMap<>(keyOf(partitionKey, sortKey));
    attributes.put(FORMAT, AttributeValue.fromN(FORMAT_NOW));
    return attributes;
  }

  static Map<String, AttributeValue> keyOf(String partitionKey, String sortKey) {
    return Map.of(PARTITION_KEY, text(partitionKey), SORT_KEY, text(sortKey));
  }

  /**
   * The item that lies there.
   *
   * @throws IllegalStateException when a later release wrote it in a way that this one can't read
   */
  static Item read(Map<String, AttributeValue> attributes) {
    if (!FORMAT_NOW.equals(required(attributes, FORMAT).n())) {
      throw new IllegalStateException("an item in a format that this release does not know");
    }
    return new Item(
        key(required(attributes, SORT_KEY).s()),
        Long.parseLong(required(attributes, VERSION).n()),
        required(attributes, DOCUMENT).s(),
        Optional.ofNullable(attributes.get(EXPIRY))
            .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds.n()))));
  }

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  private static Key key(String sortKey) {
    var hash = sortKey.indexOf('#');
    return new Key(sortKey.substring(0, hash), sortKey.substring(hash + 1));
  }

  static AttributeValue required(Map<String, AttributeValue> attributes, String name) {
    var value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("an item without " + name);
    }
    return value;
  }
}
