package dev.partywall.storage.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The items of a tenant that are deleted until now. Items with an expiry are only counted together,
 * because DynamoDB deletes them itself in the meantime.
 *
 * @param partition the number of the partition that is read next; the earlier ones are empty
 * @param collections the number of items without expiry per collection; count marks are the
 *     collection {@code mark}
 * @param expiring the number of items with an expiry
 * @param keysSha256 the hash of the keys of the items without expiry, in lower-case hexadecimal. It
 *     starts with 32 zero bytes, and each item replaces H by SHA-256(H ‖ partition key ‖ 0 ‖ sort
 *     key), with the keys in UTF-8
 */
public record DeletedItems(
    int partition, Map<String, Long> collections, long expiring, String keysSha256) {
  /** No item. */
  public static final DeletedItems NONE = new DeletedItems(0, Map.of(), 0, "0".repeat(64));

  private static final String PARTITION = "partition";
  private static final String EXPIRING = "expiring";
  private static final String KEYS = "keysSha256";
  private static final String ITEMS = "items.";
  private static final String MARKS = ".mark";

  /** Copies the map, in the order of the names. */
  public DeletedItems {
    collections = Collections.unmodifiableMap(new TreeMap<>(collections));
  }

  /** Returns the items in the values of a progress or an operation; {@link #NONE} without them. */
  public static DeletedItems of(Map<String, String> values) {
    if (!values.containsKey(KEYS)) {
      return NONE;
    }
    var collections = new HashMap<String, Long>();
    values.forEach((name, value) -> {
      if (name.startsWith(ITEMS)) {
        collections.put(name.substring(ITEMS.length()), Long.valueOf(value));
      }
    });
    return new DeletedItems(
        Integer.parseInt(values.get(PARTITION)),
        collections,
        Long.parseLong(values.get(EXPIRING)),
        values.get(KEYS));
  }

  /** Returns the values from which {@link #of} reads these items. */
  public Map<String, String> values() {
    var values = new HashMap<String, String>();
    values.put(PARTITION, Integer.toString(partition));
    values.put(EXPIRING, Long.toString(expiring));
    values.put(KEYS, keysSha256);
    collections.forEach((name, count) -> values.put(ITEMS + name, Long.toString(count)));
    return values;
  }

  /** Returns the number of all items. */
  public long total() {
    return collections.values().stream().mapToLong(Long::longValue).sum() + expiring;
  }

  /** Returns these items and those of one page, in the order of their keys. */
  DeletedItems plus(List<StoredKey> page) {
    var counts = new HashMap<>(collections);
    var hash = HexFormat.of().parseHex(keysSha256);
    var expired = expiring;
    for (var key : page) {
      if (key.expiring()) {
        expired++;
      } else {
        counts.merge(collectionOf(key.sortKey()), 1L, Long::sum);
        hash = hash(hash, key);
      }
    }
    return new DeletedItems(partition, counts, expired, HexFormat.of().formatHex(hash));
  }

  /** Returns these items, with the first partition as the next one to read. */
  public DeletedItems fromStart() {
    return inPartition(0);
  }

  /** Returns these items, with the next partition to read. */
  DeletedItems inPartition(int number) {
    return new DeletedItems(number, collections, expiring, keysSha256);
  }

  private static byte[] hash(byte[] before, StoredKey key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(before);
      var text = key.partitionKey() + "\0" + key.sortKey();
      return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The names of other kernel items keep their dot, so none equals a collection. The collections of
   * all revisions are counted together.
   */
  private static String collectionOf(String sortKey) {
    var end = sortKey.indexOf('#');
    var name = end < 0 ? sortKey : sortKey.substring(sortKey.lastIndexOf('/', end) + 1, end);
    return name.equals(MARKS) ? "mark" : name;
  }
}
