package dev.partywall.registry;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.registry.ReceiptKeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The public keys of receipts in the registry's table: one item per key, in one partition. */
public final class DynamoReceiptKeys implements ReceiptKeyStore {
  /** The partition of all keys. */
  static final String PARTITION = ".receipt-keys";

  private static final String JWK = "jwk";

  private final TenantsTable table;

  /**
   * Creates a store in the table with the prefix.
   *
   * @param client with the service's own credentials
   */
  public DynamoReceiptKeys(DynamoDbClient client, String prefix) {
    this.table = TenantsTable.of(client, prefix);
  }

  /** {@inheritDoc} An id is base64url, and every such text is between the bounds. */
  @Override
  public Map<String, String> all() {
    var query = table.query(PARTITION, "-", "~").build();
    return table.client().queryPaginator(query).items().stream()
        .collect(
            Collectors.toMap(
                item -> Attributes.requiredText(item, Attributes.SORT_KEY),
                DynamoReceiptKeys::jwk));
  }

  private static String jwk(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    return Attributes.requiredText(item, JWK);
  }

  @Override
  public void add(String id, String jwk) {
    var item = new HashMap<>(Attributes.keyAndFormat(PARTITION, id));
    item.put(JWK, Attributes.text(jwk));
    table.client().putItem(put -> put.tableName(table.name()).item(item));
  }
}
