package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocations;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The item {@code .operation} in the bound tenant's partition: the fence and the progress of its
 * operation.
 *
 * <p>An owner writes the fence, then checks its lease in the registry, and then writes pages. Each
 * page has the condition that the fence is unchanged. An owner that was paused can therefore not
 * write a page after another one has written its fence: either its own check of the lease fails, or
 * the condition of its page does.
 *
 * @param client a client with the bound tenant's credentials
 */
public record ProgressItem(DynamoDbClient client, TenantLocations locations) {
  /** The sort key. No key of business code starts with a dot. */
  public static final String SORT_KEY = ".operation";

  private static final String OPERATION = "op";
  private static final String EPOCH = "e";
  private static final String PAGE = "p";
  private static final String VALUES = "val";

  /** Only the same page of the same owner may be the latest one. */
  static final String UNCHANGED = "op = :op AND e = :epoch AND p = :page";

  /** Returns the progress; empty before the first fence and after the end. */
  public Optional<OperationProgress> find() {
    var location = locations.of(TenantContext.current());
    return Optional.of(
            client
                .getItem(get -> get.tableName(location.table()).key(key()).consistentRead(true))
                .item())
        .filter(item -> !item.isEmpty())
        .map(ProgressItem::read);
  }

  /**
   * Writes the fence of an owner and returns the progress of the earlier owners. Afterwards the
   * owner must check its lease.
   *
   * @param confirm checks the lease of the owner, and throws an exception if it is lost. It is
   *     called before the progress of another operation is replaced: that operation is the running
   *     one if this owner was paused beyond the end of its own
   * @param expiry the time after which DynamoDB deletes a fence without a page. It contains no
   *     count. An owner that ends right after a late write would otherwise leave the item in the
   *     partition of a deleted tenant. The first page ends the expiry
   * @return empty if a later owner has written its fence
   */
  public Optional<OperationProgress> fence(
      String operation, long epoch, Runnable confirm, Instant expiry) {
    while (true) {
      var found = find();
      if (found.filter(stored -> !stored.operation().equals(operation)).isPresent()) {
        confirm.run();
      }
      if (found.filter(stored -> isLater(stored, operation, epoch)).isPresent()) {
        return Optional.empty();
      }
      var progress =
          found
              .filter(stored -> stored.operation().equals(operation))
              .map(stored -> stored.ownedBy(epoch))
              .orElseGet(() -> OperationProgress.begin(operation, epoch));
      // An earlier owner can write a page in the meantime, which must not be lost.
      if (Pages.isWritten(client, List.of(replace(found, progress, expiry)))) {
        return Optional.of(progress);
      }
    }
  }

  private static boolean isLater(OperationProgress stored, String operation, long epoch) {
    return stored.operation().equals(operation) && stored.epoch() > epoch;
  }

  /** An existing progress can contain counts, so it never expires. */
  private TransactWriteItem replace(
      Optional<OperationProgress> before, OperationProgress after, Instant expiry) {
    return before
        .map(progress -> replace(progress, after))
        .orElseGet(() -> {
          var put =
              put(after, Optional.of(expiry))
                  .conditionExpression("attribute_not_exists(pk)")
                  .build();
          return TransactWriteItem.builder().put(put).build();
        });
  }

  /** Returns the write that replaces the progress, as a part of a page. */
  public TransactWriteItem replace(OperationProgress before, OperationProgress after) {
    var put =
        put(after, Optional.empty())
            .conditionExpression(UNCHANGED)
            .expressionAttributeValues(unchanged(before));
    return TransactWriteItem.builder().put(put.build()).build();
  }

  /** Returns the write that removes the progress, after the last page. */
  public TransactWriteItem remove(OperationProgress before) {
    var delete =
        Delete.builder()
            .tableName(locations.of(TenantContext.current()).table())
            .key(key())
            .conditionExpression(UNCHANGED)
            .expressionAttributeValues(unchanged(before))
            .build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  private Put.Builder put(OperationProgress progress, Optional<Instant> expiry) {
    var item = new HashMap<>(key());
    expiry.ifPresent(time -> item.put(Attributes.EXPIRY, Attributes.number(time.getEpochSecond())));
    item.put(Attributes.FORMAT, Attributes.CURRENT_FORMAT);
    item.put(OPERATION, Attributes.text(progress.operation()));
    item.put(EPOCH, Attributes.number(progress.epoch()));
    item.put(PAGE, Attributes.number(progress.page()));
    item.put(
        VALUES,
        AttributeValue.fromM(
            progress.values().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, entry -> Attributes.text(entry.getValue())))));
    return Put.builder().tableName(locations.of(TenantContext.current()).table()).item(item);
  }

  static Map<String, AttributeValue> unchanged(OperationProgress before) {
    return Map.of(
        ":op", Attributes.text(before.operation()),
        ":epoch", Attributes.number(before.epoch()),
        ":page", Attributes.number(before.page()));
  }

  /** A sharded tenant has the item in its first partition. */
  private Map<String, AttributeValue> key() {
    return Attributes.keyOf(
        locations.of(TenantContext.current()).partitionKeys().getFirst(), SORT_KEY);
  }

  private static OperationProgress read(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    return new OperationProgress(
        Attributes.requiredText(item, OPERATION),
        Attributes.requiredNumber(item, EPOCH),
        Attributes.requiredNumber(item, PAGE),
        Objects.requireNonNull(item.get(VALUES)).m().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().s())));
  }
}
