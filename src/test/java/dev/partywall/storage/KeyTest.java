package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
  private static final String LONGEST = "x".repeat(256);

  @Test
  void isACollectionAndAnId() {
    assertEquals("thing#a~!/.b", new Key("thing", "a~!/.b").sortKey());
    assertEquals("thing#red#b", new Key("thing", "b").sortKeyUnder("red"));
    assertEquals(Optional.of(new Key("thing", LONGEST)), Key.parse("thing", LONGEST));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a#b", "#", "a b", "a\n", "a\0", "é", "\u007f"})
  void whatCouldRunIntoAnotherPartIsNoId(String id) {
    assertThrows(IllegalArgumentException.class, () -> new Key("thing", id));
    assertThrows(IllegalArgumentException.class, () -> Key.requireLabel(id));
    assertEquals(Optional.empty(), Key.parse("thing", id));
  }

  @Test
  void anIdHas256CharactersAtMost() {
    assertThrows(IllegalArgumentException.class, () -> new Key("thing", LONGEST + "x"));
    assertEquals(Optional.empty(), Key.parse("thing", LONGEST + "x"));
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
  void whatIsNoCollectionsNameIsRefused(String collection) {
    assertThrows(IllegalArgumentException.class, () -> new Key(collection, "one"));
  }
}
