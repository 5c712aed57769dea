package dev.partywall.attack;

import dev.partywall.isolation.TenantCredentials;
import dev.partywall.storage.TenantTable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What can be pried out of the table that business code is given: the very clients that the service
 * wired. With them the first lock is gone, and only the second one is left.
 *
 * @param narrow knows the three operations that the service needs
 * @param whole knows all of them
 */
record Crowbar(DynamoDbClient narrow, DynamoDbClient whole, TenantCredentials credentials) {
  static Crowbar on(TenantTable table) {
    var narrow = pry(table, "client", DynamoDbClient.class);
    return new Crowbar(
        narrow,
        pry(narrow, "client", DynamoDbClient.class),
        pry(narrow, "credentials", TenantCredentials.class));
  }

  private static <T> T pry(Object thing, String field, Class<T> type) {
    try {
      var lid = thing.getClass().getDeclaredField(field);
      lid.setAccessible(true);
      return type.cast(lid.get(thing));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no such field any more: " + field, e);
    }
  }
}
