package dev.partywall.registry;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import dev.partywall.tenancy.registry.TenantRegistry.TenantFilter;
import dev.partywall.tenancy.registry.TenantRegistry.TenantPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Reads pages of tenants. A filter is applied to the copies in the order of their ids. A page reads
 * at most {@link #MAX_READ} copies, so a page with a filter can contain fewer tenants than its
 * limit although another page follows.
 */
record TenantList(TenantsTable table) {
  /** The copies that one call reads with a filter. */
  private static final int CALL_SIZE = 500;

  private static final int MAX_READ = 10_000;

  /** Returns the tenants after an id that match. */
  TenantPage page(TenantFilter filter, Optional<TenantId> after, int limit) {
    var isFiltered = filter.status().isPresent() || filter.tier().isPresent();
    // One more than the page contains, to know whether another page follows.
    var query = query(filter).limit(isFiltered ? CALL_SIZE : limit + 1);
    var position = after.map(TenantList::startKey).orElse(Map.of());
    var found = new ArrayList<TenantRecord>();
    var read = 0;
    do {
      var response =
          table
              .client()
              .query(query.exclusiveStartKey(position.isEmpty() ? null : position).build());
      response.items().stream().map(TenantItem::read).forEach(found::add);
      position = response.lastEvaluatedKey();
      read += response.scannedCount();
    } while (found.size() <= limit && !position.isEmpty() && read < MAX_READ);
    return page(found, position, limit);
  }

  private static TenantPage page(
      List<TenantRecord> found, Map<String, AttributeValue> position, int limit) {
    if (found.size() > limit) {
      var tenants = List.copyOf(found.subList(0, limit));
      return new TenantPage(tenants, Optional.of(tenants.getLast().id()));
    }
    var next =
        Optional.ofNullable(position.get(Attributes.SORT_KEY)).map(id -> new TenantId(id.s()));
    return new TenantPage(List.copyOf(found), next);
  }

  private static Map<String, AttributeValue> startKey(TenantId id) {
    return Attributes.keyOf(TenantItem.LIST_PARTITION, id.value());
  }

  /** Sort keys from {@code 0} to {@code ~} are all tenant ids. */
  private QueryRequest.Builder query(TenantFilter filter) {
    var query = table.query(TenantItem.LIST_PARTITION, "0", "~");
    var values = new HashMap<>(query.build().expressionAttributeValues());
    var conditions = new ArrayList<String>();
    filter
        .status()
        .map(TenantStatus::label)
        .ifPresent(status -> {
          conditions.add("st = :status");
          values.put(":status", Attributes.text(status));
        });
    filter
        .tier()
        .ifPresent(tier -> {
          conditions.add("tier = :tier");
          values.put(":tier", Attributes.text(tier));
        });
    if (!conditions.isEmpty()) {
      query.filterExpression(String.join(" AND ", conditions));
    }
    return query.expressionAttributeValues(values);
  }
}
