package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class QueryTest {
  @Test
  void requiresAValidCollection() {
    assertRejected(() -> Query.all("thing#", 1));
    assertRejected(() -> Query.all("", 1));
  }

  @Test
  void requiresAPositiveLimit() {
    assertRejected(() -> Query.all("thing", 0));
    assertRejected(() -> Query.all("thing", -1));
  }

  @Test
  void requiresIndexKeysOnlyForAnIndex() {
    assertRejected(() -> Query.byIndex("thing", Index.I1, List.of(), 1));
    assertRejected(() -> Query.byIndex("thing", Index.PRIMARY, List.of("red"), 1));
    assertRejected(() -> Query.byIndex("thing", Index.I1, List.of("red", "red#1"), 1));
  }

  @Test
  void requiresAValidIdAsPosition() {
    assertRejected(() -> Query.all("thing", 1).after("a#b"));
    assertRejected(() -> Query.all("thing", 1).after(""));
  }

  private static void assertRejected(Executable query) {
    assertThrows(IllegalArgumentException.class, query);
  }
}
