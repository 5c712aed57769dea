package dev.partywall.registry;

import dev.partywall.storage.Attributes;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The changes of the registry, numbered without a gap, and the number of tenants per named issuer.
 * Both are written in the transaction that changes a tenant. Only the latest changes are kept. Each
 * change deletes the oldest one, because time to live could delete changes out of order.
 */
record ChangeLog(TenantsTable table) {
  /** The number of changes that are kept. */
  static final long MAX_CHANGES = 10_000;

  private static final String PARTITION = ".changes";
  private static final Map<String, AttributeValue> SEQUENCE_KEY =
      Attributes.keyOf(".sequence", "tenants");
  private static final String SEQUENCE = "s";
  private static final String TENANT = "t";
  private static final String NAMED_ISSUERS = "iss";

  private static final Map<String, AttributeValue> ISSUERS_KEY =
      Attributes.keyOf(".issuers", "tenants");

  /** Precedes an issuer in the name of the attribute that contains its number of tenants. */
  private static final String COUNT = "count#";

  /**
   * A change of a tenant.
   *
   * @param namedIssuers whether the tenant names other issuers than before
   */
  record Change(long sequence, TenantId tenant, boolean namedIssuers) {}

  /** Returns the number of the latest change; 0 before the first. */
  long sequence() {
    return table
        .get(SEQUENCE_KEY)
        .map(item -> Attributes.requiredNumber(item, SEQUENCE))
        .orElse(0L);
  }

  /** Returns the changes with these numbers that are kept, in their order. */
  List<Change> changes(long first, long last) {
    var query = table.query(PARTITION, sortKey(first), sortKey(last)).build();
    return table.client().queryPaginator(query).items().stream().map(ChangeLog::change).toList();
  }

  private static Change change(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    return new Change(
        Long.parseLong(Attributes.requiredText(item, Attributes.SORT_KEY)),
        new TenantId(Attributes.requiredText(item, TENANT)),
        item.containsKey(NAMED_ISSUERS));
  }

  /** Returns the issuers that some tenant names. */
  Set<String> namedIssuers() {
    return table.get(ISSUERS_KEY).orElse(Map.of()).entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(COUNT))
        .filter(entry -> Long.parseLong(entry.getValue().n()) > 0)
        .map(entry -> entry.getKey().substring(COUNT.length()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the issuers that a tenant names. A deleted tenant names none. */
  static Set<String> namedBy(TenantRecord tenant) {
    return tenant.status() == TenantStatus.OFFBOARDED ? Set.of() : tenant.issuers();
  }

  /**
   * Returns the increase of the sequence. It fails if another change has increased the sequence.
   *
   * @param sequence the number of the latest change
   */
  TransactWriteItem increase(long sequence) {
    var item = new HashMap<>(SEQUENCE_KEY);
    item.put(Attributes.FORMAT, Attributes.CURRENT_FORMAT);
    item.put(SEQUENCE, Attributes.number(sequence + 1));
    var put = Put.builder().tableName(table.name()).item(item);
    if (sequence > 0) {
      put.conditionExpression("s = :latest")
          .expressionAttributeValues(Map.of(":latest", Attributes.number(sequence)));
    } else {
      put.conditionExpression("attribute_not_exists(pk)");
    }
    return TransactWriteItem.builder().put(put.build()).build();
  }

  /** Returns the writes that add a change and delete the oldest one. */
  List<TransactWriteItem> append(Change change) {
    var writes = new ArrayList<TransactWriteItem>();
    writes.add(put(change));
    if (change.sequence() > MAX_CHANGES) {
      var oldest = Attributes.keyOf(PARTITION, sortKey(change.sequence() - MAX_CHANGES));
      writes.add(
          TransactWriteItem.builder()
              .delete(delete -> delete.tableName(table.name()).key(oldest))
              .build());
    }
    return writes;
  }

  private TransactWriteItem put(Change change) {
    var item = new HashMap<>(Attributes.keyAndFormat(PARTITION, sortKey(change.sequence())));
    item.put(TENANT, Attributes.text(change.tenant().value()));
    if (change.namedIssuers()) {
      item.put(NAMED_ISSUERS, AttributeValue.fromBool(true));
    }
    return TransactWriteItem.builder().put(put -> put.tableName(table.name()).item(item)).build();
  }

  /**
   * Returns the change of the numbers of tenants per issuer.
   *
   * @param before the issuers that the tenant named before
   * @param after other issuers than before
   */
  TransactWriteItem count(Set<String> before, Set<String> after) {
    var names = new HashMap<String, String>();
    var values = new HashMap<String, AttributeValue>();
    add(difference(after, before), 1, names, values);
    add(difference(before, after), -1, names, values);
    var additions =
        IntStream.range(0, names.size())
            .mapToObj(index -> "#i" + index + " :i" + index)
            .collect(Collectors.joining(", "));
    values.put(":format", Attributes.CURRENT_FORMAT);
    return TransactWriteItem.builder()
        .update(update ->
            update
                .tableName(table.name())
                .key(ISSUERS_KEY)
                .updateExpression("SET f = :format ADD " + additions)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values))
        .build();
  }

  private static void add(
      Set<String> issuers,
      long amount,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    for (var issuer : issuers) {
      var index = names.size();
      names.put("#i" + index, COUNT + issuer);
      values.put(":i" + index, Attributes.number(amount));
    }
  }

  private static Set<String> difference(Set<String> all, Set<String> without) {
    var difference = new HashSet<>(all);
    difference.removeAll(without);
    return difference;
  }

  /** Numbers of equal length sort like numbers. */
  private static String sortKey(long sequence) {
    return "%019d".formatted(sequence);
  }
}
