package dev.partywall.local.aws.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.StrictJson;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static final ObjectNode NAMES =
      StrictJson.newObject().put("#p", "pk").put("#d", "a.b").put("#s", "set");

  @ParameterizedTest(name = "{0} accesses {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a                                       | a
          a, b.c, d[0].e, #d, #p.x                | a b d a.b pk
          attribute_not_exists(pk)                | pk
          attribute_exists(a.b) AND NOT size(c)>:n | a c
          a IN (:x, b) OR c BETWEEN :l AND d       | a b c d
          contains(#p, :v) and begins_with(q, :v)  | pk q
          size, contains                          | size contains
          remove, add                             | remove add
          """)
  void findsEveryTopLevelAttribute(String expression, String attributes) {
    assertEquals(names(attributes), Expression.of(expression, NAMES).attributes());
  }

  @ParameterizedTest(name = "{0} accesses {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SET a = :v                              | a
          set a=b+:v, c.d = if_not_exists(e, :v)  | a b c e
          SET #s = list_append(f, :v) REMOVE g, h[1] ADD i :v DELETE j :v | set f g h i j
          REMOVE remove                           | remove
          SET a = remove                          | a remove
          ADD add :v DELETE delete :w             | add delete
          SET a = :v REMOVE b                     | a b
          """)
  void distinguishesClausesOfAnUpdateFromAttributes(String expression, String attributes) {
    assertEquals(names(attributes), Expression.of(expression, NAMES).updateAttributes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a = 'x'", "a; b", "a-- b\u00a0", "ä", "a /* */", "#", ":", "#x", "a\u0000"})
  void rejectsCharactersOutsideTheGrammar(String expression) {
    assertThrows(AwsFault.class, () -> Expression.of(expression, NAMES).attributes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pk = :p",
        ":p = pk",
        "#p=:p",
        "(pk = :p)",
        "((pk) = (:p)) AND (sk > :s)",
        "sk BETWEEN :s AND :t AND pk = :p",
        "begins_with(sk, :s) and pk = :p",
      })
  void findsThePartitionKeyOfAKeyCondition(String condition) {
    assertEquals(":p", KeyCondition.partitionPlaceholder(Expression.of(condition, NAMES), "pk"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sk = :p",
        "pk > :p",
        "pk <> :p",
        "pk = :p OR pk = :q",
        "pk = :p AND pk = :p",
        "NOT pk = :p",
        ":q = pk = :p",
        "pk = :p = :q",
        "pk = :p sk = :s",
        "pk = :p AND",
        "begins_with(pk, :p)",
        "size(pk) = :p",
        "pk.a = :p",
        "a.pk = :p",
        "pk[0] = :p",
        "sk BETWEEN :p AND pk = :p",
        "sk BETWEEN pk AND :p",
        "begins_with(sk) :p = pk",
        "pk IN (:p)",
        "pk = sk",
        "PK = :p",
      })
  void rejectsConditionsWithoutPartitionKeyEquality(String condition) {
    var expression = Expression.of(condition, NAMES);
    assertThrows(AwsFault.class, () -> KeyCondition.partitionPlaceholder(expression, "pk"));
  }

  @Test
  void normalizesKeyValues() throws Exception {
    assertEquals("1", text("{\"N\":\"1.00\"}"));
    assertEquals("1", text("{\"N\":\"0.1e1\"}"));
    assertEquals("100", text("{\"N\":\"1E2\"}"));
    assertEquals("-0.5", text("{\"N\":\"-.50\"}"));
    assertEquals("0", text("{\"N\":\"-0.0\"}"));
    assertEquals("YWNtZQ==", text("{\"B\":\"YWNtZQ==\"}"));
    assertEquals("acme", text("{\"S\":\"acme\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"N\":\"1 \"}",
        "{\"N\":\"0x1\"}",
        "{\"N\":\"NaN\"}",
        "{\"N\":\"1e999999999\"}",
        "{\"N\":1}",
        "{\"B\":\"YWNtZ\"}",
        "{\"S\":\"a\",\"N\":\"1\"}",
        "{\"BOOL\":true}",
        "{\"s\":\"a\"}",
      })
  void rejectsInvalidKeyValues(String value) {
    assertThrows(AwsFault.class, () -> text(value));
  }

  private static String text(String json) throws Exception {
    return CanonicalKeyValue.of(StrictJson.object(json));
  }

  private static Set<String> names(String text) {
    return new TreeSet<>(Set.of(text.strip().split(" ", -1)));
  }
}
