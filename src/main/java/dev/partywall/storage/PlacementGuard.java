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
 * Records the placement of every tenant that {@code PARTYWALL_PLACEMENTS} has ever listed, as one
 * small item in the service's own table. A new placement without moving the tenant's data would
 * hide that data, and new data would be written in another place. The service therefore does not
 * serve while a configured placement differs from the recorded one.
 *
 * <p>The placement of a newly listed tenant is recorded unchecked. The guard does not detect data
 * that the tenant has stored in the shared table before.
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
   * @param client a client with the service's own credentials
   * @param prefix the prefix of the table names
   */
  public PlacementGuard(DynamoDbClient client, String prefix, Placements placements) {
    this.client = client;
    this.table = prefix + "tenants";
    this.placements = placements;
    this.provisioning = new TableProvisioning(client, List.of(Schema.ofService(table, false)));
  }

  /** Starts the check at startup. If DynamoDB is unavailable, repeat it with {@link #verify}. */
  public PlacementCheck startCheck() {
    return PlacementCheck.start(this::verifyAtStartup);
  }

  private List<String> verifyAtStartup() {
    try {
      return verifyAndRecord();
    } catch (ApiException _) {
      LOG.info("Placement check postponed until table {} can be read", table);
      return List.of();
    }
  }

  /**
   * Checks the placements and records new ones. Does nothing after a check without faults.
   *
   * @return the faults that prevent serving, one line each
   * @throws ApiException with {@code Unavailable} when DynamoDB is unavailable
   */
  public List<String> verify() {
    if (verified) {
      return List.of();
    }
    var faults = provisioning.faults();
    return faults.isEmpty() ? verifyAndRecord() : faults;
  }

  /**
   * Returns the faults that prevent serving, one line each. Records nothing. Returns no fault after
   * {@link #verify} found none, and at least one fault until then.
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
    var mismatches = mismatches(readRecorded());
    return mismatches.isEmpty() ? List.of("table " + table + " is not verified yet") : mismatches;
  }

  /** Creates the table if it is missing, and waits until it is usable. */
  public void createMissing() {
    provisioning.createMissing();
  }

  private List<String> verifyAndRecord() {
    while (true) {
      var recorded = readRecorded();
      var mismatches = mismatches(recorded);
      if (!mismatches.isEmpty()) {
        return mismatches;
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

  private List<String> mismatches(Map<TenantId, String> recorded) {
    return recorded.entrySet().stream()
        .flatMap(entry -> mismatch(entry).stream())
        .sorted()
        .toList();
  }

  private Optional<String> mismatch(Map.Entry<TenantId, String> recorded) {
    var tenant = recorded.getKey();
    var configured = configured(tenant);
    return configured.equals(recorded.getValue())
        ? Optional.empty()
        : Optional.of(
            "PARTYWALL_PLACEMENTS: %s is recorded in: %s, but configured in: %s; move its data, then delete the item (pk %s, sk %s) of table %s"
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
    private final FutureTask<List<String>> mismatches;

    private PlacementCheck(FutureTask<List<String>> mismatches) {
      this.mismatches = mismatches;
    }

    static PlacementCheck start(Callable<List<String>> mismatches) {
      var task = new FutureTask<>(mismatches);
      Thread.startVirtualThread(task);
      return new PlacementCheck(task);
    }

    /**
     * Waits for the result, up to the timeout. After a timeout, the readiness check reports the
     * mismatches.
     *
     * @throws PlacementMismatchException when a tenant's configured placement differs from the
     *     recorded one
     */
    public void await(Duration timeout) throws PlacementMismatchException {
      try {
        var found = mismatches.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
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
