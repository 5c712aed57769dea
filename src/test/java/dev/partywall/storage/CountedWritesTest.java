package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.WriteCondition.Absent;
import dev.partywall.storage.WriteCondition.None;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(PlacementKind.class)
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class CountedWritesTest {
  private static final Meter THINGS = new Meters().declare("things");
  private static final Instant EIGHT = Instant.parse("2026-11-24T08:00:00Z");
  private static final Instant NINE = Instant.parse("2026-11-24T09:00:00Z");

  private final List<Instant> recorded = new ArrayList<>();
  private final TableFixture fixture;
  private final CountedWrites countedWrites;

  CountedWritesTest(PlacementKind kind, LocalDynamo dynamo) throws IOException {
    fixture = new TableFixture(dynamo, kind, recorded::add);
    countedWrites = new CountedWrites(fixture.client, fixture.placements.locations());
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void countsAWriteInItsHour() {
    for (int i = 0; i < 7; i++) {
      put("id" + i);
    }
    fixture.clock.advance(Duration.ofMillis(100));
    put("id7");

    assertEquals(7, count("things", EIGHT));
    assertEquals(1, count("things", NINE));
    assertEquals(1, count("things", NINE.plusSeconds(3599)));
    assertEquals(0, count("thing", EIGHT));
    assertEquals(
        0, fixture.as(TableFixture.TENANTS.get(1), () -> countedWrites.count("things", EIGHT)));
  }

  @Test
  void countsIdsByTime() {
    var ids = new Ids(new SecureRandom());
    var start = fixture.clock.instant();
    for (int second = 0; second < 6; second++) {
      put(ids.next(start.plusSeconds(second)));
    }
    put("!");
    put("~");
    var middle = CountedWrites.IdRange.position(start.plusSeconds(4));
    var before = new CountedWrites.IdRange(CountedWrites.IdRange.START, middle);
    assertEquals(5, count(before));
    assertEquals(3, count(CountedWrites.IdRange.from(middle)));
  }

  @Test
  void reportsAWriteWithAnIdOfAnEarlierTime(LocalDynamo dynamo) throws IOException {
    var oldIds = new ArrayList<Instant>();
    var listener =
        new CountedWriteListener() {
          @Override
          public void beforeWrite(Instant hour) {
            recorded.add(hour);
          }

          @Override
          public void beforeWriteWithOldId(Instant hour) {
            oldIds.add(hour);
          }
        };
    try (var other = new TableFixture(dynamo, PlacementKind.POOL, listener)) {
      var ids = new Ids(new SecureRandom());
      var now = other.clock.instant();
      for (var time : List.of(now, now.minusSeconds(30), now.minusSeconds(31))) {
        var write = Write.put(thing(ids.next(time)), new Absent()).countedBy(THINGS);
        other.as(() -> other.table.write(write));
      }
    }
    assertEquals(List.of(EIGHT, EIGHT), recorded);
    assertEquals(List.of(EIGHT), oldIds);
  }

  @Test
  void deletingAnItemDoesNotReduceTheCount() {
    put("one");
    fixture.as(() -> fixture.table.write(Write.delete(new Key("thing", "one"), new None())));
    assertEquals(1, count("things", EIGHT));
  }

  @Test
  void doesNotCountAFailedWrite() {
    put("one");
    fixture.clock.advance(Duration.ofHours(1));
    assertEquals(Outcome.ConditionFailed.class, put("one").getClass());
    assertEquals(0, count("things", NINE));
  }

  @Test
  void recordsTheHourOfCountedWritesOnly() {
    fixture.as(() -> fixture.table.write(Write.put(thing("plain"), new Absent())));
    assertEquals(List.of(), recorded);
    put("one");
    assertEquals(List.of(EIGHT), recorded);
  }

  @Test
  void doesNotWriteWhenTheHourCannotBeRecorded(LocalDynamo dynamo) throws IOException {
    CountedWriteListener failing =
        _ -> {
          throw new IllegalStateException("cannot record the hour");
        };
    try (var other = new TableFixture(dynamo, PlacementKind.POOL, failing)) {
      var write = Write.put(thing("one"), new Absent()).countedBy(THINGS);
      assertThrows(IllegalStateException.class, () -> other.as(() -> other.table.write(write)));
      assertEquals(List.of(), other.as(() -> other.table.query(Query.all("thing", 1))).items());
    }
  }

  @Test
  void rejectsKeysThatCouldEqualAMarker() {
    assertThrows(IllegalArgumentException.class, () -> new Key(".mark", "one"));
    assertThrows(IllegalArgumentException.class, () -> new Key("thing", "one#two"));
  }

  @Test
  void rejectsMeterNamesWithASeparator() {
    assertThrows(IllegalArgumentException.class, () -> new Meters().declare("things#2026"));
    assertThrows(IllegalArgumentException.class, () -> count("things#2026", EIGHT));
  }

  private Outcome put(String id) {
    var write = Write.put(thing(id), new Absent()).countedBy(THINGS);
    return fixture.as(() -> fixture.table.write(write));
  }

  private static Item thing(String id) {
    return Item.of(new Key("thing", id), "{}");
  }

  private long count(CountedWrites.IdRange ids) {
    return fixture.as(() -> countedWrites.count("things", EIGHT, ids));
  }

  private long count(String meter, Instant hour) {
    return fixture.as(() -> countedWrites.count(meter, hour));
  }
}
