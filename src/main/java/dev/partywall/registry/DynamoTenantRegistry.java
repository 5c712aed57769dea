package dev.partywall.registry;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.registry.TenantWrite.Rejection;
import dev.partywall.storage.ConflictRetry;
import dev.partywall.storage.Schema;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The registry in the table {@code <prefix>tenants}. Each change is one transaction: the record,
 * its copy for lists, the sequence, the change, the numbers of tenants per issuer, and the record
 * of the idempotency key.
 *
 * <p>All changes increase the same sequence, so concurrent changes of different tenants conflict. A
 * change that conflicts is repeated and has the same result as without the conflict.
 */
public final class DynamoTenantRegistry implements TenantRegistry {
  /** Up to 6 s, which is shorter than the timeout of a request. */
  private static final int MAX_ATTEMPTS = 11;

  private final ChangeLog log;
  private final TenantList list;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ConflictRetry retry;

  /**
   * Creates a registry in the table with the prefix.
   *
   * @param client with the service's own credentials
   * @param random safe for use by concurrent threads
   */
  public DynamoTenantRegistry(
      DynamoDbClient client, String prefix, InstantSource clock, RandomGenerator random) {
    var table = TenantsTable.of(client, prefix);
    this.log = new ChangeLog(table);
    this.list = new TenantList(table);
    this.clock = clock;
    this.random = random;
    this.retry = new ConflictRetry(MAX_ATTEMPTS, random);
  }

  /** Returns the schema of the registry's table. */
  public static Schema schema(String prefix) {
    return TenantsTable.schema(prefix);
  }

  ChangeLog changeLog() {
    return log;
  }

  @Override
  public Optional<TenantRecord> find(TenantId id) {
    return log.table().get(TenantItem.key(id)).map(TenantItem::read);
  }

  @Override
  public Creation create(TenantRecord tenant, Optional<RequestKey> key) {
    var request = key.map(requestKey -> new RequestItem(requestKey, clock.instant()));
    var write = TenantWrite.creation(tenant, nonce(), request);
    return send(write)
        .map(rejection -> creation(rejection, request))
        .orElseGet(Creation.Created::new);
  }

  private static Creation creation(Rejection rejection, Optional<RequestItem> request) {
    return rejection
        .request()
        .flatMap(stored -> request.map(item -> item.repeated(stored)))
        .orElseGet(() -> new Creation.Exists(TenantItem.read(rejection.tenant().orElseThrow())));
  }

  @Override
  public Change replace(TenantRecord changed) {
    return find(changed.id())
        .map(stored -> replace(stored, changed))
        .orElseGet(Change.Missing::new);
  }

  private Change replace(TenantRecord stored, TenantRecord changed) {
    if (stored.version() != changed.version() - 1
        || stored.incarnation() != changed.incarnation()) {
      return new Change.Stale(stored);
    }
    return send(TenantWrite.replacement(stored, changed, nonce()))
        .map(rejection ->
            rejection
                .tenant()
                .<Change>map(item -> new Change.Stale(TenantItem.read(item)))
                .orElseGet(Change.Missing::new))
        .orElseGet(Change.Replaced::new);
  }

  @Override
  public TenantPage list(TenantFilter filter, Optional<TenantId> after, int limit) {
    return list.page(filter, after, limit);
  }

  /** Returns empty if the write was applied. */
  private Optional<Rejection> send(TenantWrite write) {
    try {
      return retry
          .call(() -> write.send(log, log.sequence()))
          .filter(rejection -> !rejection.isOwn(write.nonce()));
    } catch (RuntimeException e) {
      throw ConflictRetry.isConflict(e) ? busy(e) : e;
    }
  }

  private static ApiException busy(RuntimeException cause) {
    var error =
        new ApiError.Unavailable(
            "Too many tenants are being changed at the same time.", Duration.ofSeconds(2));
    return new ApiException(error, cause);
  }

  private String nonce() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
