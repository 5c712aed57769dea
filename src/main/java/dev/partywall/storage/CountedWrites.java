package dev.partywall.storage;

import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocations;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/**
 * Counts the marker items that {@link Write.Put#countedBy} has written for the bound tenant. A
 * marker has the hour in which its write started. Markers are deleted only with their tenant, so
 * the count of an hour never decreases.
 */
public final class CountedWrites {
  /** Collection names never start with a dot, so no key of business code equals a marker's key. */
  private static final String COLLECTION = ".mark#";

  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH").withZone(ZoneOffset.UTC);

  /** Both sort outside all ids, which contain visible ASCII characters only. */
  private static final String BEFORE_ALL = " ";

  private static final String AFTER_ALL = "\u007f";

  /**
   * A range of ids. A position is never equal to an id, so adjacent ranges have no marker in common
   * and miss none.
   *
   * @param from a position, before the ids of the range
   * @param to a position, after the ids of the range
   */
  public record IdRange(String from, String to) {
    /** The position before all ids. */
    public static final String START = BEFORE_ALL;

    private static final IdRange ALL = from(START);

    /** Returns the position before all time-sorted ids of that time. */
    public static String position(Instant time) {
      return Ids.timePrefix(time) + BEFORE_ALL;
    }

    /** Returns all ids after a position. */
    public static IdRange from(String position) {
      return new IdRange(position, AFTER_ALL);
    }
  }

  private record SortKeys(String from, String to) {}

  private final DynamoDbClient client;
  private final TenantLocations locations;

  /**
   * Creates a counter.
   *
   * @param client a client with the bound tenant's credentials
   */
  public CountedWrites(DynamoDbClient client, TenantLocations locations) {
    this.client = client;
    this.locations = locations;
  }

  /**
   * Returns the number of markers of a meter in the hour (UTC) that contains {@code instant}.
   * Includes every acknowledged write.
   *
   * @throws dev.partywall.error.ApiException with {@code Unavailable} when DynamoDB is unavailable
   */
  public long count(String meter, Instant instant) {
    return count(meter, instant, IdRange.ALL);
  }

  /**
   * Returns the number of markers of a meter in the hour (UTC) that contains {@code instant}, for
   * items with an id in the range.
   *
   * @throws dev.partywall.error.ApiException with {@code Unavailable} when DynamoDB is unavailable
   */
  public long count(String meter, Instant instant, IdRange ids) {
    var location = locations.of(TenantContext.current());
    var prefix = sortKeyPrefix(meter, instant);
    var sortKeys = new SortKeys(prefix + ids.from(), prefix + ids.to());
    return location.partitionKeys().stream()
        .mapToLong(key -> count(location.table(), key, sortKeys))
        .sum();
  }

  /** Returns the sort key prefix of a meter's markers in an hour. The item's id follows it. */
  static String sortKeyPrefix(String meter, Instant instant) {
    return COLLECTION + Key.requirePart(meter) + "#" + HOUR.format(instant) + "#";
  }

  private long count(String table, String partitionKey, SortKeys sortKeys) {
    long count = 0;
    @Nullable Map<String, AttributeValue> position = null;
    do {
      var response = read(table, partitionKey, sortKeys, position);
      count += response.count();
      position = response.lastEvaluatedKey();
    } while (!position.isEmpty());
    return count;
  }

  private QueryResponse read(
      String table,
      String partitionKey,
      SortKeys sortKeys,
      @Nullable Map<String, AttributeValue> position) {
    var request =
        PartitionQuery.of(table, partitionKey, sortKeys.from(), sortKeys.to())
            .select(Select.COUNT)
            .exclusiveStartKey(position)
            .build();
    return client.query(request);
  }
}
