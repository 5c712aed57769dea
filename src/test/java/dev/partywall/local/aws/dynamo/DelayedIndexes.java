package dev.partywall.local.aws.dynamo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.dynamo.CalledTables.WrittenItem;
import dev.partywall.local.aws.wire.AwsResponse;
import dev.partywall.local.aws.wire.StrictJson;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Makes the calls that concern delayed indexes. An index is copied when its table is first used
 * during a delay, and the copy is deleted when the delay ends.
 */
final class DelayedIndexes {
  private static final Set<String> READS = Set.of("Query", "Scan");

  private final EngineClient engine;
  private final EngineTables tables;
  private final DynamoFaultMode mode;
  private final LongSupplier nanoTime;
  private final Map<String, Map<String, IndexCopy>> copies = new HashMap<>();

  /**
   * Creates an instance without a copy.
   *
   * @param nanoTime a monotonic clock in nanoseconds
   */
  DelayedIndexes(
      EngineClient engine, EngineTables tables, DynamoFaultMode mode, LongSupplier nanoTime) {
    this.engine = engine;
    this.tables = tables;
    this.mode = mode;
    this.nanoTime = nanoTime;
  }

  /** Makes a call. Reads of a delayed index are sent to its copy. */
  AwsResponse call(String operation, ObjectNode body) {
    if (!mode.delaysIndexes()) {
      deleteCopies();
      return engine.call(operation, StrictJson.bytes(body));
    }
    if (READS.contains(operation) && body.has("IndexName")) {
      return read(operation, body);
    }
    var written = CalledTables.writtenItems(operation, body);
    written.forEach(item -> copiesOf(item.table()));
    var response = engine.call(operation, StrictJson.bytes(body));
    written.forEach(this::record);
    return response;
  }

  private synchronized AwsResponse read(String operation, ObjectNode body) {
    var table = body.path("TableName").asText();
    var index = body.path("IndexName").asText();
    var copy = copiesOf(table).get(index);
    if (copy == null) {
      return engine.call(operation, StrictJson.bytes(body));
    }
    copy.applyUntil(nanoTime.getAsLong() - mode.delayOf(index).toNanos());
    var request = body.deepCopy().put("TableName", copy.name());
    return withTableName(engine.call(operation, StrictJson.bytes(request)), table);
  }

  private static AwsResponse withTableName(AwsResponse response, String table) {
    var json = EngineClient.json(response);
    if (json.path("ConsumedCapacity") instanceof ObjectNode capacity) {
      capacity.put("TableName", table);
    }
    return AwsResponse.json(response.status(), StrictJson.bytes(json));
  }

  private synchronized Map<String, IndexCopy> copiesOf(String table) {
    return copies.computeIfAbsent(table, this::copy);
  }

  private Map<String, IndexCopy> copy(String table) {
    var created = new HashMap<String, IndexCopy>();
    for (var index : tables.table(table).schema().orElseThrow().indexes().keySet()) {
      created.put(index, IndexCopy.of(engine, table, index));
    }
    return created;
  }

  /**
   * Reads the item from the table again and notes it as a change. The last of several concurrent
   * writes reads the final item, because the reads are not concurrent.
   */
  private synchronized void record(WrittenItem written) {
    var key = StrictJson.newObject();
    tables
        .table(written.table())
        .schema()
        .orElseThrow()
        .keys()
        .all()
        .forEach(name -> key.set(name, written.attributes().path(name)));
    var request = StrictJson.newObject().put("TableName", written.table());
    request.put("ConsistentRead", true).set("Key", key);
    var item = EngineClient.json(engine.call("GetItem", StrictJson.bytes(request))).path("Item");
    var change =
        new IndexCopy.Change(
            nanoTime.getAsLong(), key, item.isMissingNode() ? Optional.empty() : Optional.of(item));
    copiesOf(written.table()).values().forEach(copy -> copy.add(change));
  }

  /** Deletes the copies of a deleted table. */
  synchronized void forget(String table) {
    Optional.ofNullable(copies.remove(table))
        .ifPresent(byIndex -> byIndex.values().forEach(IndexCopy::delete));
  }

  private synchronized void deleteCopies() {
    Set.copyOf(copies.keySet()).forEach(this::forget);
  }
}
