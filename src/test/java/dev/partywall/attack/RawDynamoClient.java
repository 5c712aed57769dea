package dev.partywall.attack;

import dev.partywall.isolation.TenantCredentials;
import dev.partywall.storage.TenantTable;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The DynamoDB clients that the service wired, extracted by reflection from the table that business
 * code receives. They bypass isolation layer 1; only layer 2 remains.
 *
 * @param restricted supports the three operations that a tenant may use, and maps errors
 * @param unrestricted supports all operations
 */
record RawDynamoClient(
    DynamoDbClient restricted, DynamoDbClient unrestricted, TenantCredentials credentials) {
  static RawDynamoClient extractFrom(TenantTable table) {
    var connection = (TenantTable.Connection) extract(table, "connection", Supplier.class).get();
    var restricted = connection.client();
    var tenantDynamo = extract(restricted, "client", DynamoDbClient.class);
    return new RawDynamoClient(
        restricted,
        extract(tenantDynamo, "client", DynamoDbClient.class),
        extract(tenantDynamo, "credentials", TenantCredentials.class));
  }

  private static <T> T extract(Object owner, String field, Class<T> type) {
    try {
      var declared = owner.getClass().getDeclaredField(field);
      declared.setAccessible(true);
      return type.cast(declared.get(owner));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("missing field: " + field, e);
    }
  }
}
