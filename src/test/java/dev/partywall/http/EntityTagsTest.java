package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiException;
import dev.partywall.http.Preconditions.EntityTags;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "*, true, true",
        "` * `, true, true",
        "\"1\", true, true",
        "W/\"1\", false, true",
        "\"11\", false, false",
        "\"\", false, false",
        "`\"0\", \"1\"`, true, true",
        "`\"0\",W/\"1\"`, false, true",
        "`,, \"0\" ,\t,\"1\",`, true, true",
        "`\"a,b\", \"1\"`, true, true",
        "`\"0,\"`, false, false",
        "\"\u00e9\", false, false",
      })
  void matchesStronglyAndWeakly(String field, boolean strongly, boolean weakly) {
    var tags = EntityTags.parse(field);
    assertEquals(strongly, tags.matchesStrongly("\"1\""));
    assertEquals(weakly, tags.matchesWeakly("\"1\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "1",
        "\"1",
        "1\"",
        "\"1\" \"2\"",
        "\"1\"\"2\"",
        "w/\"1\"",
        "W/ \"1\"",
        "W/1",
        "*, \"1\"",
        "\"1\", *",
        "**",
        "\"a b\"",
        "\"1\";a=b",
      })
  void rejectsOtherForms(String field) {
    assertThrows(ApiException.class, () -> EntityTags.parse(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", ",", "\"1\",", "\"1\" ", "W/"})
  void parsesInLinearTime(String piece) {
    // A backtracking pattern would not terminate in practice.
    assertThrows(ApiException.class, () -> EntityTags.parse(piece.repeat(50_000) + "x"));
  }
}
