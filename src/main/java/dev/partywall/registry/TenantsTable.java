package dev.partywall.registry;

import dev.partywall.storage.PartitionQuery;
import dev.partywall.storage.Schema;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * The table {@code <prefix>tenants}. A tenant's record is stored under its id; all other items
 * under names that start with a dot, as no tenant id does:
 *
 * <ul>
 *   <li>{@code acme}, {@code .tenant}: the record ({@link TenantItem});
 *   <li>{@code acme}, {@code .<name>}: a document that an operation left, such as a receipt;
 *   <li>{@code .tenants}, {@code acme}: a copy of the record, for lists;
 *   <li>{@code .sequence}, {@code tenants}: the number of changes ({@link ChangeLog});
 *   <li>{@code .changes}, {@code 0000000000000000007}: the tenant of a change;
 *   <li>{@code .issuers}, {@code tenants}: the number of tenants per named issuer;
 *   <li>{@code .request#<hash>}, {@code request}: an executed request with an idempotency key;
 *       expires;
 *   <li>{@code .operations}, {@code acme}: the running operation of the tenant ({@link
 *       OperationItem});
 *   <li>{@code acme}, {@code .failed#1}, {@code .receipt#1} and others: a document of an ended
 *       operation, with the incarnation ({@link dev.partywall.tenancy.registry.DocumentNames});
 *   <li>{@code .instances}, {@code <id>}: an instance of the service ({@link Instances}).
 * </ul>
 *
 * <p>A partition accepts 1,000 writes per second. One partition for all copies is enough, because
 * every change writes the sequence as well, which is a single item.
 *
 * @param client with the service's own credentials
 */
record TenantsTable(DynamoDbClient client, String name) {
  /** Returns the table with this prefix. */
  static TenantsTable of(DynamoDbClient client, String prefix) {
    return new TenantsTable(client, schema(prefix).table());
  }

  /** Returns the schema of the table. Only records of idempotency keys expire. */
  static Schema schema(String prefix) {
    return Schema.ofService(prefix + "tenants", true);
  }

  /** Returns an item; empty if it does not exist. The read is consistent. */
  Optional<Map<String, AttributeValue>> get(Map<String, AttributeValue> key) {
    var response = client.getItem(get -> get.tableName(name).key(key).consistentRead(true));
    return response.hasItem() ? Optional.of(response.item()) : Optional.empty();
  }

  /** Returns a consistent query for the items of a partition between two sort keys, inclusive. */
  QueryRequest.Builder query(String partition, String from, String to) {
    return PartitionQuery.of(name, partition, from, to);
  }
}
