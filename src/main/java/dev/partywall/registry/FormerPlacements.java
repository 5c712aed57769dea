package dev.partywall.registry;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.Placement;
import dev.partywall.tenancy.TenantId;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * The placements that releases without a registry have recorded in its table: one item per tenant
 * that the former placements file has listed.
 */
public final class FormerPlacements {
  private static final String PARTITION = "placements";
  private static final String PLACEMENT = "placement";

  private FormerPlacements() {}

  /**
   * Returns the recorded placements, by tenant id.
   *
   * @param client with the service's own credentials
   * @param prefix the prefix of the table names
   * @throws IllegalStateException if a placement is unknown to this release
   */
  public static Map<String, Placement> read(DynamoDbClient client, String prefix) {
    var table = TenantsTable.of(client, prefix);
    var placements = new TreeMap<String, Placement>();
    for (var item : client.queryPaginator(query(table).build()).items()) {
      var tenant = new TenantId(Attributes.requiredText(item, Attributes.SORT_KEY));
      var placement = TenantItem.placement(Attributes.requiredText(item, PLACEMENT));
      placements.put(tenant.value(), placement);
    }
    return placements;
  }

  /**
   * Returns whether a placement is recorded. Makes one call.
   *
   * @param client with the service's own credentials
   * @param prefix the prefix of the table names
   */
  public static boolean exist(DynamoDbClient client, String prefix) {
    var first = query(TenantsTable.of(client, prefix)).limit(1).build();
    return !client.query(first).items().isEmpty();
  }

  private static QueryRequest.Builder query(TenantsTable table) {
    return table.query(PARTITION, "!", "~");
  }
}
