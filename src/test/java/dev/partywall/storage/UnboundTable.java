package dev.partywall.storage;

import dev.partywall.storage.TenantTable.MergedPage;
import dev.partywall.storage.TenantTable.RangeReader;
import dev.partywall.tenancy.TenantLocation;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * {@link TenantTable} without isolation layer 1: it makes the same calls, but the caller chooses
 * the tenant location. Only layer 2, the credentials, can deny access.
 */
public record UnboundTable(DynamoDbClient client, RandomGenerator random) {
  /** Reads an item at that location. */
  public String get(TenantLocation location, Key key) {
    var request =
        GetItemRequest.builder()
            .tableName(location.table())
            .key(Attributes.keyOf(location, key))
            .consistentRead(true)
            .build();
    return client.getItem(request).toString();
  }

  /** Lists items at that location. */
  public String query(TenantLocation location, Query query) {
    var readers =
        KeyRange.of(location, query).stream()
            .map(range -> new RangeReader(client, range, Instant.EPOCH))
            .toList();
    return new MergedPage(readers).read(query.limit()).toString();
  }

  /** Writes items at that location. */
  public String transact(TenantLocation location, List<Write> writes) {
    var transaction = new Transaction(location, writes, Instant.EPOCH);
    return transaction.send(client, new ConflictRetry(6, random)).toString();
  }
}
