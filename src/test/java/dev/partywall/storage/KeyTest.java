package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
  private static final String MAX_LENGTH_ID = "x".repeat(256);

  @Test
  void consistsOfACollectionAndAnId() {
    assertEquals("thing#a~!/.b", new Key("thing", "a~!/.b").sortKey());
    assertEquals("thing#red#b", new Key("thing", "b").indexSortKey("red"));
    assertEquals(Optional.of(new Key("thing", MAX_LENGTH_ID)), Key.parse("thing", MAX_LENGTH_ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a#b", "#", "a b", "a\n", "a\0", "é", "\u007f"})
  void rejectsInvalidIds(String id) {
    assertThrows(IllegalArgumentException.class, () -> new Key("thing", id));
    assertThrows(IllegalArgumentException.class, () -> Key.requirePart(id));
    assertEquals(Optional.empty(), Key.parse("thing", id));
  }

  @Test
  void rejectsIdsWithMoreThan256Characters() {
    assertThrows(IllegalArgumentException.class, () -> new Key("thing", MAX_LENGTH_ID + "x"));
    assertEquals(Optional.empty(), Key.parse("thing", MAX_LENGTH_ID + "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".mark",
        "mark.",
        "a#b",
        "A",
        "1",
        "-a",
        "a b",
        "a23456789012345678901234567890123"
      })
  void rejectsInvalidCollectionNames(String collection) {
    assertThrows(IllegalArgumentException.class, () -> new Key(collection, "one"));
  }
}
