package dev.partywall.registry;

import dev.partywall.registry.TenantWrite.Extra;
import dev.partywall.registry.TenantWrite.Rejection;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.Schema;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The registry in the table {@code <prefix>tenants}. Each change is one transaction: the record,
 * its copy for lists, the sequence, the change, the numbers of tenants per issuer, and the record
 * of the idempotency key.
 *
 * <p>All changes increase the same sequence, so concurrent changes of different tenants conflict. A
 * change that conflicts is repeated and has the same result as without the conflict.
 */
public final class DynamoTenantRegistry implements TenantRegistry {
  private final ChangeLog log;
  private final TenantList list;
  private final InstantSource clock;
  private final RegistryWriter writer;

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
    this.writer = new RegistryWriter(log, random);
  }

  /** Returns the schema of the registry's table. */
  public static Schema schema(String prefix) {
    return TenantsTable.schema(prefix);
  }

  /** The operations are in the same table. */
  @Override
  public OperationStore operations() {
    return new DynamoOperations(writer);
  }

  ChangeLog changeLog() {
    return log;
  }

  @Override
  public Optional<TenantRecord> find(TenantId id) {
    return log.table().get(TenantItem.key(id)).map(TenantItem::read);
  }

  @Override
  public Creation create(
      TenantRecord tenant, Optional<RequestKey> key, Optional<Operation> operation) {
    var request = key.map(requestKey -> new RequestItem(requestKey, clock.instant()));
    var creation = TenantWrite.creation(tenant, writer.nonce(), request);
    var write =
        operation
            .map(begun ->
                Extra.of(change -> OperationWrites.begin(log.table(), begun.begunBy(change))))
            .map(creation::with)
            .orElse(creation);
    return writer
        .send(write)
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
    return log.table()
        .get(TenantItem.key(changed.id()))
        .map(stored -> replace(stored, changed))
        .orElseGet(Change.Missing::new);
  }

  /** Keeps the operation and the revision of the content, which {@code changed} may not know. */
  private Change replace(Map<String, AttributeValue> item, TenantRecord changed) {
    var stored = TenantItem.read(item);
    if (stored.version() != changed.version() - 1
        || stored.incarnation() != changed.incarnation()) {
      return new Change.Stale(stored);
    }
    var write =
        TenantWrite.replacement(
            stored,
            changed.withOperation(stored.operation()).withContentRevision(stored.contentRevision()),
            writer.nonce(),
            Attributes.requiredText(item, TenantItem.NONCE));
    return writer
        .send(write)
        .map(rejection ->
            rejection
                .tenant()
                .<Change>map(current -> new Change.Stale(TenantItem.read(current)))
                .orElseGet(Change.Missing::new))
        .orElseGet(Change.Replaced::new);
  }

  @Override
  public TenantPage list(TenantFilter filter, Optional<TenantId> after, int limit) {
    return list.page(filter, after, limit);
  }
}
