package dev.partywall.storage;

import dev.partywall.tenancy.Home;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/**
 * {@link TenantTable} with its lock taken out: the same calls in the same words, but whose home
 * they go to is anybody's choice. Only the credentials are left to say no.
 */
public record LooseTable(DynamoDbClient client, RandomGenerator random) {
  /** Reads an item of that home. */
  public String get(Home home, Key key) {
    var request =
        GetItemRequest.builder()
            .tableName(home.table())
            .key(Attributes.keyOf(home.partitionKeyOf(key.id()), key.sortKey()))
            .consistentRead(true)
            .build();
    return Calls.call("GetItem", home.table(), () -> client.getItem(request)).toString();
  }

  /** Lists items of that home. */
  public String query(Home home, Query query) {
    var runs =
        Section.of(home.table(), home.partitionKeys(), query).stream()
            .map(section -> new Run(client, section, Instant.EPOCH))
            .toList();
    return new Merge(runs).page(query.limit()).toString();
  }

  /** Changes items of that home. */
  public String transact(Home home, List<Write> writes) {
    var transaction = new Transaction(home, writes, Instant.EPOCH);
    return new Transactor(client, random).send(transaction).toString();
  }
}
