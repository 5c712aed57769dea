package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class QueryTest {
  @Test
  void namesACollection() {
    assertRefused(() -> Query.all("thing#", 1));
    assertRefused(() -> Query.all("", 1));
  }

  @Test
  void hasALimit() {
    assertRefused(() -> Query.all("thing", 0));
    assertRefused(() -> Query.all("thing", -1));
  }

  @Test
  void namesLabelsWhereItIsByAnIndexAndOnlyThere() {
    assertRefused(() -> Query.labelled("thing", Index.FIRST, List.of(), 1));
    assertRefused(() -> Query.labelled("thing", Index.PRIMARY, List.of("red"), 1));
    assertRefused(() -> Query.labelled("thing", Index.FIRST, List.of("red", "red#1"), 1));
  }

  @Test
  void goesOnBehindWhatCanBeAnId() {
    assertRefused(() -> Query.all("thing", 1).after("a#b"));
    assertRefused(() -> Query.all("thing", 1).after(""));
  }

  private static void assertRefused(Executable query) {
    assertThrows(IllegalArgumentException.class, query);
  }
}
