package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FieldSyntaxTest {
  @Test
  void splitsAtDelimitersOutsideQuotedStrings() {
    assertEquals(List.of("a", "b=\"c,d\"", "e"), FieldSyntax.split("a,b=\"c,d\",e", ','));
    assertEquals(List.of("\"a\\\",b\"", "c"), FieldSyntax.split("\"a\\\",b\",c", ','));
    assertEquals(List.of("\"a\\\\\"", "b"), FieldSyntax.split("\"a\\\\\",b", ','));
    assertEquals(List.of("a\\", "b"), FieldSyntax.split("a\\,b", ','), "only quotes can escape");
    assertEquals(List.of("\"a,b"), FieldSyntax.split("\"a,b", ','));
  }

  @Test
  void removesWhiteSpaceAroundThePartsAndKeepsEmptyOnes() {
    assertEquals(List.of("a b", "c", "", "d", ""), FieldSyntax.split(" a b\t; c ;;\td; ", ';'));
    assertEquals(List.of(""), FieldSyntax.split("", ';'));
  }

  @Test
  void removesQuotesAndEscapes() {
    assertEquals("a\"b\\c", FieldSyntax.unquoted("\"a\\\"b\\\\\\c\""));
    assertEquals("", FieldSyntax.unquoted("\"\""));
    for (var text : List.of("", "a", "\"", "\"a", "a\"", "a\\b")) {
      assertEquals(text, FieldSyntax.unquoted(text));
    }
  }
}
