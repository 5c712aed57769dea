package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.error.Faults;
import dev.partywall.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementReaderTest {
  private final Faults faults = new Faults();

  @Test
  void readsEachKindOfPlacement() {
    assertEquals(Optional.of(new Placement.Pool()), read("{\"kind\":\"pool\"}"));
    assertEquals(Optional.of(new Placement.Pool()), read("{\"kind\":\"pool\",\"shards\":1}"));
    assertEquals(
        Optional.of(new Placement.ShardedPool(16)), read("{\"kind\":\"pool\",\"shards\":16}"));
    assertEquals(Optional.of(new Placement.Silo()), read("{\"kind\":\"silo\"}"));
    assertEquals(List.of(), faults.lines());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{}                        | /p/kind: must be pool or silo",
        "{\"kind\":\"pond\"}           | /p/kind: must be pool or silo",
        "7                         | /p/kind: must be pool or silo",
        "{\"kind\":\"silo\",\"shards\":4}  | /p/shards: is permitted only for the kind pool",
        "{\"kind\":\"pool\",\"shards\":17} | /p/shards: must be from 1 to 16",
        "{\"kind\":\"pool\",\"shards\":0}  | /p/shards: must be from 1 to 16",
        "{\"kind\":\"pool\",\"shards\":\"4\"} | /p/shards: must be an integer, written without fraction"
            + " or exponent",
        "{\"kind\":\"pool\",\"shard\":4}   | /p/shard: is unknown; known: kind, shards",
      })
  void reportsTheFault(String json, String fault) {
    read(json);
    assertEquals(List.of(fault), faults.lines());
  }

  private Optional<Placement> read(String json) {
    return new PlacementReader(faults).read(Json.parseStored(json), "/p");
  }
}
