package dev.partywall.registry;

import dev.partywall.registry.TenantWrite.Extra;
import dev.partywall.storage.Attributes;
import dev.partywall.storage.ConflictRetry;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The operations in the registry's table: one item per running operation, in one partition. */
final class DynamoOperations implements OperationStore {
  private final RegistryWriter writer;

  DynamoOperations(RegistryWriter writer) {
    this.writer = writer;
  }

  private TenantsTable table() {
    return writer.log().table();
  }

  @Override
  public Optional<Operation> find(TenantId tenant) {
    return table().get(OperationItem.key(tenant)).map(OperationItem::read);
  }

  /**
   * A version of a record never returns. An equal one after the read was that during the read. A
   * transaction of two reads would conflict with the owner of the operation, which often writes.
   */
  @Override
  public Optional<TenantState> findWithTenant(TenantId tenant) {
    var before = record(tenant);
    while (before.isPresent()) {
      var state = new TenantState(before.get(), find(tenant));
      var after = record(tenant);
      if (after.filter(state::isVersionOf).isPresent()) {
        return Optional.of(state);
      }
      before = after;
    }
    return Optional.empty();
  }

  private Optional<TenantRecord> record(TenantId tenant) {
    return table().get(TenantItem.key(tenant)).map(TenantItem::read);
  }

  @Override
  public List<Operation> between(TenantId first, TenantId last) {
    return read(table().query(OperationItem.PARTITION, first.value(), last.value()));
  }

  @Override
  public List<Operation> all() {
    return read(table().query(OperationItem.PARTITION, "0", "~").consistentRead(false));
  }

  private List<Operation> read(QueryRequest.Builder query) {
    return table().client().queryPaginator(query.build()).items().stream()
        .map(OperationItem::read)
        .toList();
  }

  @Override
  public Start begin(Operation operation, TenantRecord before, TenantRecord after) {
    if (before.equals(after)) {
      return begin(operation, before);
    }
    var extra = Extra.of(change -> OperationWrites.begin(table(), operation.begunBy(change)));
    var write = TenantWrite.replacement(before, after, writer.nonce()).with(extra);
    return writer
        .send(write)
        .map(rejection ->
            rejection
                .operation()
                .map(item -> started(OperationItem.read(item), operation))
                .orElseGet(Start.Stale::new))
        .orElseGet(() ->
            find(operation.tenant())
                .filter(stored -> stored.id().equals(operation.id()))
                .<Start>map(Start.Begun::new)
                // It has ended already.
                .orElseGet(() -> new Start.Begun(operation)));
  }

  /** Begins an operation that does not change the record. */
  private Start begin(Operation operation, TenantRecord tenant) {
    var writes =
        List.of(TenantWrite.unchanged(table(), tenant), OperationWrites.begin(table(), operation));
    try {
      write(writes);
      return new Start.Begun(operation);
    } catch (TransactionCanceledException e) {
      var reason = e.cancellationReasons().get(1);
      if (reason.hasItem() && !reason.item().isEmpty()) {
        return started(OperationItem.read(reason.item()), operation);
      }
      if (isConditionFailed(e, 0)) {
        return new Start.Stale();
      }
      throw e;
    }
  }

  private void write(List<TransactWriteItem> writes) {
    var _ =
        writer.retried(
            () -> table().client().transactWriteItems(request -> request.transactItems(writes)));
  }

  private static boolean isConditionFailed(TransactionCanceledException e, int index) {
    return ConflictRetry.CONDITION_FAILED.equals(e.cancellationReasons().get(index).code());
  }

  /** Recognizes an operation of this call whose response was lost. */
  private static Start started(Operation stored, Operation wanted) {
    return stored.id().equals(wanted.id()) ? new Start.Begun(stored) : new Start.InProgress(stored);
  }

  @Override
  public boolean update(Operation before, Operation after) {
    try {
      write(List.of(OperationWrites.replace(table(), before, after)));
      return true;
    } catch (TransactionCanceledException e) {
      if (isConditionFailed(e, 0)) {
        return isStored(e.cancellationReasons().getFirst().item(), after);
      }
      throw e;
    }
  }

  @Override
  public RecordChange update(Operation before, Operation after, TenantRecord record) {
    try {
      write(
          List.of(
              OperationWrites.replace(table(), before, after),
              TenantWrite.unchanged(table(), record)));
      return RecordChange.APPLIED;
    } catch (TransactionCanceledException e) {
      if (isConditionFailed(e, 1)) {
        return RecordChange.STALE;
      }
      if (isConditionFailed(e, 0)) {
        return isStored(e.cancellationReasons().getFirst().item(), after)
            ? RecordChange.APPLIED
            : RecordChange.NOT_OWNED;
      }
      throw e;
    }
  }

  private static boolean isStored(Map<String, AttributeValue> item, Operation operation) {
    return !item.isEmpty()
        && !operation.ownership().isFree()
        && item.equals(OperationItem.of(operation));
  }

  @Override
  public RecordChange update(
      Operation before, Operation after, TenantRecord recordBefore, TenantRecord recordAfter) {
    return change(
        recordBefore, recordAfter, Extra.of(_ -> OperationWrites.replace(table(), before, after)));
  }

  @Override
  public RecordChange end(
      Operation operation, TenantRecord before, TenantRecord after, List<Document> documents) {
    return change(
        before,
        after,
        new Extra(_ -> OperationWrites.remove(table(), operation), writes(after, documents)));
  }

  private RecordChange change(TenantRecord before, TenantRecord after, Extra extra) {
    var write = TenantWrite.replacement(before, after, writer.nonce()).with(extra);
    return writer
        .send(write)
        .map(rejection -> change(rejection, write))
        .orElse(RecordChange.APPLIED);
  }

  private RecordChange change(TenantWrite.Rejection rejection, TenantWrite write) {
    // The transaction was applied, and its response was lost.
    if (table()
        .get(TenantItem.key(write.tenant().id()))
        .filter(item -> Attributes.requiredText(item, TenantItem.NONCE).equals(write.nonce()))
        .isPresent()) {
      return RecordChange.APPLIED;
    }
    return rejection.isOperationRejected() ? RecordChange.NOT_OWNED : RecordChange.STALE;
  }

  private List<TransactWriteItem> writes(TenantRecord tenant, List<Document> documents) {
    var writes = new ArrayList<TransactWriteItem>();
    for (var document : documents) {
      writes.add(
          OperationWrites.document(
              table(), tenant.id().value(), document.name(), document.attributes()));
    }
    return writes;
  }

  @Override
  public Optional<Map<String, String>> document(TenantId tenant, String name) {
    return table().get(Attributes.keyOf(tenant.value(), name)).map(DynamoOperations::texts);
  }

  private static Map<String, String> texts(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    return item.entrySet().stream()
        .filter(entry -> !isKey(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().s()));
  }

  private static boolean isKey(String attribute) {
    return List.of(Attributes.PARTITION_KEY, Attributes.SORT_KEY, Attributes.FORMAT)
        .contains(attribute);
  }
}
