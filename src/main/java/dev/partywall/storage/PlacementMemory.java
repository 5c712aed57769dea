package dev.partywall.storage;

import dev.partywall.http.Refused;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Remembers where each tenant that was ever named lives, one small item in the service's own table.
 * A tenant whose placement is changed would find none of its data, and write anew beside it; so
 * what is remembered has to be as it is now, or the service does not serve.
 *
 * <p>A tenant that is named for the first time is taken at its word: what it has in the pool from
 * before is not looked for.
 */
public final class PlacementMemory {
  private static final Logger LOG = LoggerFactory.getLogger(PlacementMemory.class);
  private static final String PARTITION = "placements";
  private static final String PLACEMENT = "placement";

  private final DynamoDbClient client;
  private final String table;
  private final Placements placements;
  private volatile boolean holds;

  /** Asks by the service's own client. */
  public PlacementMemory(DynamoDbClient client, String prefix, Placements placements) {
    this.client = client;
    this.table = prefix + "tenants";
    this.placements = placements;
  }

  /** To be called at the start. Where DynamoDB can't be asked now, {@link #faults} will do it. */
  public FirstLook look() {
    return FirstLook.begin(this::firstChanges);
  }

  private List<String> firstChanges() {
    try {
      return changes();
    } catch (Refused _) {
      LOG.info("where tenants live is compared with before as soon as {} can be read", table);
      return List.of();
    }
  }

  /**
   * What stands against serving, one line each; nothing once it has been found that nobody moved.
   *
   * @throws Refused as {@code Unavailable} when DynamoDB can't be asked now
   */
  public List<String> faults() {
    if (holds) {
      return List.of();
    }
    return Tables.describe(client, table).isEmpty()
        ? List.of("table " + table + " is missing")
        : changes();
  }

  /** Makes the table when it is missing, and waits until it can be used. */
  public void createMissing() {
    if (Tables.describe(client, table).isEmpty()) {
      Tables.create(client, Schema.createPlain(table));
    }
  }

  private List<String> changes() {
    var before = remembered();
    var changes = before.entrySet().stream().flatMap(it -> change(it).stream()).sorted().toList();
    if (changes.isEmpty()) {
      var news = placements.named().stream().filter(it -> !before.containsKey(it)).toList();
      // Where another instance was first, its word counts: look again.
      holds = news.stream().allMatch(this::remember);
      return holds ? List.of() : changes();
    }
    return changes;
  }

  private Optional<String> change(Map.Entry<TenantId, String> remembered) {
    var tenant = remembered.getKey();
    var now = now(tenant);
    return now.equals(remembered.getValue())
        ? Optional.empty()
        : Optional.of(
            "PARTYWALL_PLACEMENTS: %s lives in: %s, and not in: %s; move its data, then delete the item (pk %s, sk %s) of table %s"
                .formatted(tenant, remembered.getValue(), now, PARTITION, tenant, table));
  }

  private String now(TenantId tenant) {
    return placements.placementOf(tenant).description();
  }

  private Map<TenantId, String> remembered() {
    var request =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("pk = :pk")
            .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(PARTITION)))
            .consistentRead(true)
            .build();
    var found = new HashMap<TenantId, String>();
    Calls.call("Query", table, () -> client.queryPaginator(request).items().stream().toList())
        .forEach(item ->
            found.put(
                new TenantId(Attributes.required(item, Attributes.SORT_KEY).s()),
                Attributes.required(item, PLACEMENT).s()));
    return found;
  }

  /** False when another instance has been here in the meantime. */
  private boolean remember(TenantId tenant) {
    var item = new HashMap<>(Attributes.ofMark(PARTITION, tenant.value()));
    item.put(PLACEMENT, AttributeValue.fromS(now(tenant)));
    return Calls.call(
        "PutItem",
        table,
        () -> {
          try {
            client.putItem(it ->
                it.tableName(table).item(item).conditionExpression("attribute_not_exists(pk)"));
            return true;
          } catch (ConditionalCheckFailedException _) {
            return false;
          }
        });
  }
}
