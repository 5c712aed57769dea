package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.Faults;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.IdempotentWrites.Created;
import dev.partywall.storage.IdempotentWrites.EntityType;
import dev.partywall.storage.IdempotentWrites.RequestId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The entities of this test are texts; the first character is the id. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class IdempotentWritesTest {
  private static final Optional<RequestId> REQUEST = Optional.of(new RequestId("name", "print"));
  private static final Key RECORD = new Key("idempotency", "name");
  private static final Faults NONE = new Faults();

  private final TableFixture tables;
  private final IdempotentWrites<String> notes;

  IdempotentWritesTest(LocalDynamo dynamo) throws IOException {
    tables = new TableFixture(dynamo, PlacementKind.POOL);
    notes = writes("note");
  }

  @AfterEach
  void close() throws IOException {
    tables.close();
  }

  @Test
  void createsAnEntityOncePerKey() {
    assertEquals(new Created<>("1 one", false), create(REQUEST, NONE, () -> "1 one"));
    assertEquals(new Created<>("1 one", true), create(REQUEST, NONE, () -> "2 two"));
    assertEquals(List.of("1 one"), stored());
  }

  @Test
  void createsAnEntityPerRequestWithoutAKey() {
    create(Optional.empty(), NONE, () -> "1 one");
    create(Optional.empty(), NONE, () -> "2 two");
    assertEquals(List.of("2 two", "1 one"), stored());
  }

  @Test
  void storesTheEntityUnderTheNameOfItsCollection() {
    create(REQUEST, NONE, () -> "1 \"one\"");
    var record = tables.as(() -> tables.table.get(RECORD)).orElseThrow();
    assertEquals("{\"fingerprint\":\"print\",\"note\":\"1 \\\"one\\\"\"}", record.document());
    // 08:59:59.900, 24 h and 1 s; DynamoDB stores full seconds.
    assertEquals(Optional.of(Instant.parse("2026-11-25T09:00:00Z")), record.expiry());
  }

  @Test
  void rejectsAnotherBodyWithTheSameKey() {
    create(REQUEST, NONE, () -> "1 one");
    var other = Optional.of(new RequestId("name", "other"));
    assertRejected(new ApiError.IdempotencyKeyReused(), other, NONE);
  }

  @Test
  void rejectsAKeyThatWasUsedForAnotherTypeOfEntity() {
    tables.as(() -> writes("memo").create(REQUEST, NONE, () -> "1 one"));
    assertRejected(new ApiError.IdempotencyKeyReused(), REQUEST, NONE);
  }

  @Test
  void anInvalidBodyStoresNothingAndLeavesItsKeyFree() {
    var invalid = new ApiError.Invalid(List.of(new ApiError.Fault("/a", "is required")));
    assertRejected(invalid, REQUEST, faults("/a", "is required"));
    assertRejected(invalid, Optional.empty(), faults("/a", "is required"));
    assertEquals(Optional.empty(), tables.as(() -> tables.table.get(RECORD)));
    assertEquals(List.of(), stored());
    var corrected = Optional.of(new RequestId("name", "corrected"));
    assertEquals(new Created<>("1 one", false), create(corrected, NONE, () -> "1 one"));
    assertEquals(new Created<>("1 one", true), create(corrected, NONE, () -> "2 two"));
  }

  @Test
  void generatesAnotherEntityWhenAnIdIsAlreadyUsed() {
    create(Optional.empty(), NONE, () -> "1 one");
    var candidates = List.of("1 uno", "1 eins", "2 two").iterator();
    assertEquals(new Created<>("2 two", false), create(REQUEST, NONE, candidates::next));
    assertEquals(List.of("2 two", "1 one"), stored());
    assertEquals(new Created<>("2 two", true), create(REQUEST, NONE, () -> "3 three"));
  }

  @Test
  @Timeout(60)
  void givesUpAfterThreeIdsThatAreAlreadyUsed() {
    create(Optional.empty(), NONE, () -> "1 one");
    var candidates = List.of("1 uno", "1 eins", "1 un", "2 two").iterator();
    var rejection = assertThrows(ApiException.class, () -> create(REQUEST, NONE, candidates::next));
    assertEquals(
        new ApiError.Unavailable(
            "The request cannot be executed at the moment.", Duration.ofSeconds(2)),
        rejection.error());
    assertEquals("2 two", candidates.next());
    assertEquals(List.of("1 one"), stored());
  }

  @Test
  void theRecordOfARejectedBodyIsReplacedOnce() {
    var rejected = Item.of(RECORD, "{\"fingerprint\":\"print\",\"faults\":[]}");
    tables.as(() -> tables.table.write(Write.put(rejected, new WriteCondition.Absent())));
    var candidates = new CopyOnWriteArrayList<>(List.of("1 one", "2 two"));
    // Between the two attempts of this request, another request with the same key is executed.
    var created =
        create(
            REQUEST,
            NONE,
            () -> {
              if (candidates.size() == 1) {
                assertEquals(
                    new Created<>("3 three", false), create(REQUEST, NONE, () -> "3 three"));
              }
              return candidates.removeFirst();
            });
    assertEquals(new Created<>("3 three", true), created);
    assertEquals(List.of("3 three"), stored());
  }

  @Test
  void forgetsAKeyAfterADay() {
    create(REQUEST, NONE, () -> "1 one");
    tables.clock.advance(Duration.ofHours(24));
    assertEquals(new Created<>("1 one", true), create(REQUEST, NONE, () -> "2 two"));
    tables.clock.advance(Duration.ofSeconds(1));
    assertEquals(new Created<>("2 two", false), create(REQUEST, NONE, () -> "2 two"));
  }

  private Created<String> create(
      Optional<RequestId> request, Faults faults, Supplier<String> next) {
    return tables.as(() -> notes.create(request, faults, next));
  }

  private void assertRejected(ApiError error, Optional<RequestId> request, Faults faults) {
    var rejection = assertThrows(ApiException.class, () -> create(request, faults, () -> "9 nine"));
    assertEquals(error, rejection.error());
  }

  private List<String> stored() {
    return tables.as(() -> tables.table.query(Query.all("note", 9))).items().stream()
        .map(Item::document)
        .toList();
  }

  private IdempotentWrites<String> writes(String collection) {
    var type =
        new EntityType<String>(
            collection,
            text ->
                Write.put(
                    Item.of(new Key(collection, text.substring(0, 1)), text),
                    new WriteCondition.Absent()),
            text -> text);
    return new IdempotentWrites<>(tables.table, tables.clock, type);
  }

  private static Faults faults(String pointer, String detail) {
    var faults = new Faults();
    faults.add(pointer, detail);
    return faults;
  }
}
