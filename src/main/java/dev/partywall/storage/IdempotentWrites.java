package dev.partywall.storage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Creates entities, each at most once per idempotency key. A request with a key stores the entity
 * in a record. Entity and record are written in one transaction, so neither exists without the
 * other. A rejected request stores no record: its key remains free for a corrected body.
 *
 * @param <T> the type of the entities
 */
public final class IdempotentWrites<T> {
  private static final String COLLECTION = "idempotency";

  /** Returns whether a collection is that of the records of requests, which always expire. */
  public static boolean isCollection(String name) {
    return name.equals(COLLECTION);
  }

  private static final String FINGERPRINT = "fingerprint";

  /** The member in place of the entity, if release 0.1.0 has rejected the body. */
  private static final String FAULTS = "faults";

  /**
   * The maximum number of transactions for one entity. Two candidates with a used id in sequence
   * are improbable, and more have another cause.
   */
  private static final int MAX_ATTEMPTS = 3;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /**
   * The lifetime of a key. DynamoDB's TTL has second granularity; one second is added so the window
   * is never shorter than 24 h.
   */
  private static final Duration WINDOW = Duration.ofHours(24).plusSeconds(1);

  private final TenantTable table;
  private final InstantSource clock;
  private final EntityType<T> type;

  /**
   * The storage form of entities.
   *
   * @param collection the collection of their items; a record has a member of this name
   * @param insertion returns the write that inserts an entity if its id is not used yet
   * @param reader returns the entity in a stored document
   */
  public record EntityType<T>(
      String collection, Function<T, Write.Put> insertion, Function<String, T> reader) {
    /** Returns the storage form of items that have no index keys. */
    public static EntityType<Item> ofItems(
        String collection, Meter counting, Function<String, Item> reader) {
      return new EntityType<>(
          collection,
          item -> Write.put(item, new WriteCondition.Absent()).countedBy(counting),
          reader);
    }
  }

  /**
   * Identifies a request that clients may repeat.
   *
   * @param name identifies the caller and the idempotency key; has the form of a {@link Key}'s id
   * @param fingerprint differs between requests with different bodies
   */
  public record RequestId(String name, String fingerprint) {}

  /**
   * The result of a request.
   *
   * @param replayed whether an earlier request with the same key created the entity
   */
  public record Created<T>(T entity, boolean replayed) {}

  /** Creates entities in a table. */
  public IdempotentWrites(TenantTable table, InstantSource clock, EntityType<T> type) {
    this.table = table;
    this.clock = clock;
    this.type = type;
  }

  /**
   * Creates an entity, or returns the result of an earlier request with the same id.
   *
   * @param faults the faults of the request body
   * @param next returns a new entity, with another id at each call; called only without faults
   * @throws ApiException as {@link ApiError.Invalid} if the request body has faults, and as {@link
   *     ApiError.IdempotencyKeyReused} if an executed request with the same key had another body,
   *     and as {@link ApiError.Unavailable} if the condition of each attempt has failed
   */
  public Created<T> create(Optional<RequestId> request, Faults faults, Supplier<T> next) {
    faults.rejectIfAny();
    var former = Optional.<Item>empty();
    for (var i = 0; i < MAX_ATTEMPTS; i++) {
      var entity = next.get();
      switch (table.transact(writes(request, entity, former))) {
        case Outcome.Written() -> {
          return new Created<>(entity, false);
        }
        case Outcome.ConditionFailed(_, var current) -> {
          // Without a record, the id of the new entity is already used.
          former = current.filter(item -> item.key().collection().equals(COLLECTION));
          var executed =
              former
                  .map(Item::document)
                  .map(Json::parseStored)
                  .filter(IdempotentWrites::isExecuted);
          if (executed.isPresent()) {
            return replay(executed.get(), request.orElseThrow());
          }
        }
      }
    }
    throw new ApiException(
        new ApiError.Unavailable("The request cannot be executed at the moment.", RETRY_AFTER));
  }

  /** Returns false for the record of a rejected request, which leaves its key free. */
  private static boolean isExecuted(JsonNode record) {
    return !record.path(FAULTS).isArray();
  }

  private List<Write> writes(Optional<RequestId> request, T entity, Optional<Item> former) {
    var insertion = type.insertion().apply(entity);
    var record = request.map(id -> recordWrite(id, insertion, former));
    return Stream.concat(record.stream(), Stream.<Write>of(insertion)).toList();
  }

  private Created<T> replay(JsonNode stored, RequestId request) {
    var sameBody = stored.required(FINGERPRINT).textValue().equals(request.fingerprint());
    // The record lacks the member if the key was used for another type of entity.
    if (!sameBody || !stored.has(type.collection())) {
      throw new ApiException(new ApiError.IdempotencyKeyReused());
    }
    return new Created<>(type.reader().apply(stored.get(type.collection()).textValue()), true);
  }

  /**
   * Returns the write of the record, which replaces that of a rejected request. The version of the
   * new record differs, so only one of several concurrent requests replaces the former one.
   */
  private Write recordWrite(RequestId request, Write.Put insertion, Optional<Item> former) {
    var document = Json.text(out -> write(out, request.fingerprint(), insertion));
    var item =
        Item.of(new Key(COLLECTION, request.name()), document)
            .withExpiry(clock.instant().plus(WINDOW));
    return former
        .map(Item::version)
        .map(version ->
            Write.put(item.withVersion(version + 1), new WriteCondition.VersionIs(version)))
        .orElseGet(() -> Write.put(item, new WriteCondition.Absent()));
  }

  private void write(JsonGenerator out, String fingerprint, Write.Put insertion)
      throws IOException {
    out.writeStartObject();
    out.writeStringField(FINGERPRINT, fingerprint);
    out.writeStringField(type.collection(), insertion.item().document());
    out.writeEndObject();
  }
}
