package dev.partywall.storage.content;

import dev.partywall.storage.Attributes;
import dev.partywall.storage.ConflictRetry;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantLocation;
import dev.partywall.tenancy.TenantLocations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterOutputStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The parts of an import in the bound tenant's partition. No request of the tenant reads them. The
 * bytes of a part are in chunks, which are compressed. A further item makes the part complete: it
 * names the chunks of one request, so a request that fails leaves the earlier part as it is.
 *
 * @param client a client with the bound tenant's credentials
 * @param random adds jitter to the pauses after conflicts; must be thread-safe
 */
public record ImportParts(
    DynamoDbClient client, TenantLocations locations, RandomGenerator random) {
  /** The maximum number of parts of an import. */
  public static final int MAX_PARTS = 10_000;

  /** A chunk before its compression. DynamoDB permits 400 KB in an item. */
  public static final int CHUNK_BYTES = 256 * 1024;

  /** All items of imports have this prefix. */
  static final String PREFIX = ".import#";

  private static final String PARTS = PREFIX + "p#";
  private static final String CHUNKS = PREFIX + "c#";
  private static final String OPERATION = "op";
  private static final String NUMBER = "no";
  private static final String SHA256 = "sha";
  private static final String BYTES = "len";
  private static final String CHUNK_COUNT = "cn";
  private static final String UPLOAD = "up";
  private static final String DATA = "b";
  private static final String ABSENT = "attribute_not_exists(pk)";
  private static final int MAX_ATTEMPTS = 6;

  /**
   * Stores a chunk of a part that is being sent, in one attempt. The caller decides on repetitions,
   * which have no further effect.
   */
  public void putChunk(String upload, int number, int chunk, byte[] bytes) {
    var item = new HashMap<>(keyAndFormat(chunkKey(number, upload, chunk)));
    item.put(DATA, AttributeValue.fromB(SdkBytes.fromByteArray(deflated(bytes))));
    Pages.isWritten(client, List.of(put(item)));
  }

  /** Returns the bytes of a chunk. */
  public byte[] chunk(ImportPart part, int chunk) {
    var key = key(chunkKey(part.number(), part.upload(), chunk));
    var item =
        client
            .getItem(get -> get.tableName(location().table()).key(key).consistentRead(true))
            .item();
    Attributes.requireKnownFormat(item);
    return inflated(Objects.requireNonNull(item.get(DATA)).b().asByteArrayUnsafe());
  }

  /**
   * Completes a part, or replaces the complete part with the same number.
   *
   * @param fence the fence that was read before the import was found open; it is of an earlier
   *     operation, and is removed
   * @return false if the import is being completed or has ended, and the part is not stored
   */
  public boolean complete(ImportPart part, Optional<OperationProgress> fence) {
    var item = new HashMap<>(keyAndFormat(partKey(part.operation(), part.number())));
    item.put(OPERATION, Attributes.text(part.operation()));
    item.put(NUMBER, Attributes.number(part.number()));
    item.put(SHA256, Attributes.text(part.sha256()));
    item.put(BYTES, Attributes.number(part.bytes()));
    item.put(CHUNK_COUNT, Attributes.number(part.chunks()));
    item.put(UPLOAD, Attributes.text(part.upload()));
    return write(List.of(put(item), requireNoFence(part, fence)));
  }

  /**
   * Requires that no owner of this import or of a later operation has written its fence. The
   * condition is that of a deletion, because the tenant's credentials permit no other check. It
   * deletes nothing, or the fence that a paused owner has written after the end of an earlier
   * operation.
   */
  private TransactWriteItem requireNoFence(ImportPart part, Optional<OperationProgress> fence) {
    var stale = fence.filter(known -> !known.operation().equals(part.operation()));
    var delete = Delete.builder().tableName(location().table()).key(key(ProgressItem.SORT_KEY));
    if (stale.isPresent()) {
      delete
          .conditionExpression(ABSENT + " OR (" + ProgressItem.UNCHANGED + ")")
          .expressionAttributeValues(ProgressItem.unchanged(stale.get()));
    } else {
      delete.conditionExpression(ABSENT);
    }
    return TransactWriteItem.builder().delete(delete.build()).build();
  }

  /** Removes a complete part, but not its chunks. */
  public void remove(ImportPart part) {
    write(List.of(delete(location(), key(partKey(part.operation(), part.number())))));
  }

  /** Deletes chunks of a request whose part is not complete, or was replaced. */
  public void deleteChunks(String upload, int number, int chunks) {
    for (var chunk = 0; chunk < chunks; chunk++) {
      write(List.of(delete(location(), key(chunkKey(number, upload, chunk)))));
    }
  }

  /** Returns the complete part with this number; empty if the import does not have it. */
  public Optional<ImportPart> find(String operation, int number) {
    var item =
        client
            .getItem(get ->
                get.tableName(location().table())
                    .key(key(partKey(operation, number)))
                    .consistentRead(true))
            .item();
    return Optional.of(item).filter(found -> !found.isEmpty()).map(ImportParts::read);
  }

  /** Returns the complete parts of an import, in the order of their numbers. */
  public List<ImportPart> all(String operation) {
    return client.queryPaginator(query(PARTS + operation + "#").build()).items().stream()
        .map(ImportParts::read)
        .toList();
  }

  /** Returns the keys of some items of imports; none if no item is left. */
  List<Map<String, AttributeValue>> someKeys(int limit) {
    return client.query(query(PREFIX).limit(limit).projectionExpression("pk, sk").build()).items();
  }

  private QueryRequest.Builder query(String prefix) {
    return QueryRequest.builder()
        .tableName(location().table())
        .keyConditionExpression("pk = :pk AND begins_with(sk, :prefix)")
        .expressionAttributeValues(
            Map.of(
                ":pk", Attributes.text(location().partitionKeys().getFirst()),
                ":prefix", Attributes.text(prefix)))
        .consistentRead(true);
  }

  private static ImportPart read(Map<String, AttributeValue> item) {
    Attributes.requireKnownFormat(item);
    return new ImportPart(
        Attributes.requiredText(item, OPERATION),
        (int) Attributes.requiredNumber(item, NUMBER),
        Attributes.requiredText(item, SHA256),
        Attributes.requiredNumber(item, BYTES),
        (int) Attributes.requiredNumber(item, CHUNK_COUNT),
        Attributes.requiredText(item, UPLOAD));
  }

  private boolean write(List<TransactWriteItem> writes) {
    return new ConflictRetry(MAX_ATTEMPTS, random).call(() -> Pages.isWritten(client, writes));
  }

  private TransactWriteItem put(Map<String, AttributeValue> item) {
    var put = Put.builder().tableName(location().table()).item(item).build();
    return TransactWriteItem.builder().put(put).build();
  }

  static TransactWriteItem delete(TenantLocation location, Map<String, AttributeValue> key) {
    var delete = Delete.builder().tableName(location.table()).key(key).build();
    return TransactWriteItem.builder().delete(delete).build();
  }

  private TenantLocation location() {
    return locations.of(TenantContext.current());
  }

  private Map<String, AttributeValue> key(String sortKey) {
    return Attributes.keyOf(location().partitionKeys().getFirst(), sortKey);
  }

  private Map<String, AttributeValue> keyAndFormat(String sortKey) {
    return Attributes.keyAndFormat(location().partitionKeys().getFirst(), sortKey);
  }

  /** With the id, a late part of an earlier import cannot replace a part of the open one. */
  private static String partKey(String operation, int number) {
    return PARTS + operation + "#%05d".formatted(number);
  }

  private static String chunkKey(int number, String upload, int chunk) {
    return CHUNKS + "%05d#%s#%05d".formatted(number, upload, chunk);
  }

  private static byte[] deflated(byte[] bytes) {
    var output = new ByteArrayOutputStream(bytes.length / 2);
    try (var deflater = new DeflaterOutputStream(output)) {
      deflater.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return output.toByteArray();
  }

  private static byte[] inflated(byte[] bytes) {
    var output = new ByteArrayOutputStream(CHUNK_BYTES);
    try (var inflater = new InflaterOutputStream(output)) {
      inflater.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("a stored chunk is damaged", e);
    }
    return output.toByteArray();
  }
}
