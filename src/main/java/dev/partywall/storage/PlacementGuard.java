package dev.partywall.storage;

import dev.partywall.error.ApiException;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Records the placement of every tenant that the configuration has ever named, as one small item in
 * the service's own table. Changing a tenant's placement without moving its data would hide that
 * data, and new data would be written beside it. The service therefore does not serve while a
 * configured placement differs from the recorded one.
 *
 * <p>The placement of a newly named tenant is accepted unchecked: existing data of the tenant in
 * the pool is not detected.
 */
public final class PlacementGuard {
  private static final Logger LOG = LoggerFactory.getLogger(PlacementGuard.class);
  private static final String PARTITION = "placements";
  private static final String PLACEMENT = "placement";

  private final DynamoDbClient client;
  private final String table;
  private final Placements placements;
  private final TableProvisioning provisioning;
  private volatile boolean verified;

  /**
   * Creates a guard.
   *
   * @param client the service's own client
   * @param prefix the prefix of the table's name
   */
  public PlacementGuard(DynamoDbClient client, String prefix, Placements placements) {
    this.client = client;
    this.table = prefix + "tenants";
    this.placements = placements;
    this.provisioning = new TableProvisioning(client, List.of(Schema.ofService(table, false)));
  }

  /** Starts the check at startup. If DynamoDB is unavailable, repeat it with {@link #verify}. */
  public PlacementCheck startCheck() {
    return PlacementCheck.start(this::firstChanges);
  }

  private List<String> firstChanges() {
    try {
      return changes();
    } catch (ApiException _) {
      LOG.info("Placement check postponed until table {} can be read", table);
      return List.of();
    }
  }

  /**
   * Checks the placements and records new ones, unless an earlier check had no faults.
   *
   * @return the faults that prevent serving, one line each
   * @throws ApiException with {@code Unavailable} when DynamoDB is unavailable
   */
  public List<String> verify() {
    if (verified) {
      return List.of();
    }
    var faults = provisioning.faults();
    return faults.isEmpty() ? changes() : faults;
  }

  /**
   * Returns the faults that prevent serving, one line each. Records nothing. After a check without
   * faults, always returns an empty list.
   *
   * @throws ApiException with {@code Unavailable} when DynamoDB is unavailable
   */
  public List<String> faults() {
    if (verified) {
      return List.of();
    }
    var faults = provisioning.faults();
    if (!faults.isEmpty()) {
      return faults;
    }
    var changes = changes(readRecorded());
    return changes.isEmpty() ? List.of("table " + table + " is not verified yet") : changes;
  }

  /** Creates the table if it is missing, and waits until it is usable. */
  public void createMissing() {
    provisioning.createMissing();
  }

  private List<String> changes() {
    while (true) {
      var recorded = readRecorded();
      var changes = changes(recorded);
      if (!changes.isEmpty()) {
        return changes;
      }
      // If another instance has recorded a placement first, that record wins: check again.
      verified = recordAllExcept(recorded.keySet());
      if (verified) {
        return List.of();
      }
    }
  }

  private boolean recordAllExcept(Set<TenantId> recorded) {
    return placements.namedTenants().stream()
        .filter(tenant -> !recorded.contains(tenant))
        .allMatch(this::tryRecord);
  }

  private List<String> changes(Map<TenantId, String> recorded) {
    return recorded.entrySet().stream().flatMap(entry -> change(entry).stream()).sorted().toList();
  }

  private Optional<String> change(Map.Entry<TenantId, String> recorded) {
    var tenant = recorded.getKey();
    var configured = configured(tenant);
    return configured.equals(recorded.getValue())
        ? Optional.empty()
        : Optional.of(
            "PARTYWALL_PLACEMENTS: %s is placed in: %s, not in: %s; move its data, then delete the item (pk %s, sk %s) of table %s"
                .formatted(tenant, recorded.getValue(), configured, PARTITION, tenant, table));
  }

  private String configured(TenantId tenant) {
    return placements.placementOf(tenant).description();
  }

  private Map<TenantId, String> readRecorded() {
    var found = new HashMap<TenantId, String>();
    client
        .queryPaginator(allPlacements())
        .items()
        .forEach(item ->
            found.put(
                new TenantId(Attributes.requiredText(item, Attributes.SORT_KEY)),
                Attributes.requiredText(item, PLACEMENT)));
    return found;
  }

  private QueryRequest allPlacements() {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("pk = :pk")
        .expressionAttributeValues(Map.of(":pk", Attributes.text(PARTITION)))
        .consistentRead(true)
        .build();
  }

  /** Returns false when another instance has recorded the tenant in the meantime. */
  private boolean tryRecord(TenantId tenant) {
    var item = new HashMap<>(Attributes.keyAndFormat(PARTITION, tenant.value()));
    item.put(PLACEMENT, Attributes.text(configured(tenant)));
    try {
      client.putItem(request ->
          request.tableName(table).item(item).conditionExpression("attribute_not_exists(pk)"));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }

  /** Checks the tenants' placements in the background while the service starts. */
  public static final class PlacementCheck {
    private final FutureTask<List<String>> changes;

    private PlacementCheck(FutureTask<List<String>> changes) {
      this.changes = changes;
    }

    static PlacementCheck start(Callable<List<String>> changes) {
      var task = new FutureTask<>(changes);
      Thread.startVirtualThread(task);
      return new PlacementCheck(task);
    }

    /**
     * Waits for the result, up to the timeout. After a timeout the readiness check reports changes.
     *
     * @throws PlacementMismatchException when a tenant's configured placement differs from the
     *     recorded one
     */
    public void await(Duration timeout) throws PlacementMismatchException {
      try {
        var found = changes.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (!found.isEmpty()) {
          throw new PlacementMismatchException(found);
        }
      } catch (TimeoutException _) {
        LOG.info("Placement check not finished, readiness waits for it");
      } catch (ExecutionException e) {
        throw new IllegalStateException("the placement check failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted during startup", e);
      }
    }
  }
}
