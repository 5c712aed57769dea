package dev.partywall.local.aws.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.local.aws.dynamo.PartiQlTokenStream.PartiQlToken;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartiQlStatementTest {
  @ParameterizedTest(name = "{0} accesses partition {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT * FROM t WHERE pk = 'acme'                            | acme
          select a FROM "t" where "pk"='it''s' and sk > 5              | it's
          SELECT a FROM "t"."i" WHERE sk BETWEEN 'a' AND ? AND pk = 'x' ORDER BY sk DESC | x
          SELECT a FROM t WHERE begins_with("sk", 'a') AND pk = 'x'    | x
          INSERT INTO t VALUE {'sk': {'pk': 'no'}, 'pk': 'acme', 'l': [1, {'pk': 2}], 's': <<'a'>>} | acme
          UPDATE t SET a = 'pk' REMOVE b WHERE pk = 'acme' AND sk = 's' RETURNING ALL OLD * | acme
          DELETE FROM t WHERE sk = ? AND pk = ?                        | 1
          SELECT * FROM t WHERE d.e[0] = 'x' AND pk = 'acme'           | acme
          """)
  void findsThePartitionKeyValue(String statement, String value) {
    assertEquals(List.of(value), partitionKeys(statement));
  }

  private static List<String> partitionKeys(String statement) {
    return PartiQlStatement.parse(statement).equalities().orElseThrow().get("pk").stream()
        .map(PartiQlToken::text)
        .toList();
  }

  @ParameterizedTest(name = "{0} selects {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT * FROM t WHERE pk IN ['acme', 'globex']               | acme globex
          SELECT * FROM t WHERE pk IN ('acme', ?) AND sk > 'a'         | acme 0
          SELECT * FROM t WHERE sk IN ['a'] AND pk in ['x']            | x
          SELECT * FROM t WHERE pk = 'acme' OR pk = 'globex'           | acme globex
          SELECT * FROM t WHERE pk = 'a' AND sk = 'b' OR pk IN ['c', 'd'] ORDER BY sk | a c d
          """)
  void findsAllPartitionKeyValues(String statement, String values) {
    assertEquals(List.of(values.split(" ", -1)), partitionKeys(statement));
  }

  @Test
  void alternativesWithoutThePartitionKeyAreScans() {
    for (var where : List.of("pk = 'a' OR sk = 's'", "sk = 's' OR pk IN ['a']")) {
      var statement = PartiQlStatement.parse("SELECT * FROM t WHERE " + where);
      assertEquals(Set.of(), statement.equalities().orElseThrow().keySet());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t",
        "SELECT * FROM t ORDER BY sk",
        "SELECT * FROM t WHERE pk = 'a' OR NOT pk = 'b'",
        "SELECT * FROM t WHERE pk = 'a' OR (pk = 'b')",
        "SELECT * FROM t WHERE pk = 'a' OR",
        "SELECT * FROM t WHERE NOT pk = 'a'",
        "SELECT * FROM t WHERE NOT (pk = 'a')",
        "SELECT * FROM t WHERE (pk = 'a')",
        "SELECT * FROM t WHERE NOT pk IN ('a', 'b')",
        "SELECT * FROM t WHERE pk IN ('a', 'b'",
        "SELECT * FROM t WHERE pk IN ('a', 'b']",
        "SELECT * FROM t WHERE pk IN ['a', sk]",
        "SELECT * FROM t WHERE pk IN []",
        "SELECT * FROM t WHERE pk IN ?",
        "SELECT * FROM t WHERE sk BETWEEN 'a' AND pk = 'a'",
        "SELECT * FROM t WHERE pk = 'a' + 'b'",
        "SELECT * FROM t WHERE pk BETWEEN 'a' AND sk = 'a'",
        "SELECT * FROM t WHERE pk = sk",
        "SELECT * FROM t WHERE pk IS MISSING",
        "SELECT * FROM t WHERE size(pk) = 1",
        "SELECT * FROM t WHERE",
        "SELECT * FROM t WHERE pk = 'a' AND",
        "SELECT * FROM t WHERE pk = -1",
      })
  void treatsOtherSelectsAsScans(String statement) {
    assertEquals(Optional.empty(), PartiQlStatement.parse(statement).equalities());
  }

  @Test
  void ignoresAmbiguousEqualities() {
    var equal =
        PartiQlStatement.parse("SELECT * FROM t WHERE pk='a' AND sk='s' AND pk='b'").equalities();
    assertEquals(Set.of("sk"), equal.orElseThrow().keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "t",
        "SELECT",
        "SELECT *",
        "SELECT * FROM 't'",
        "SELECT * FROM t x WHERE pk='a'",
        "SELECT * FROM t AS x",
        "SELECT * FROM t, u",
        "SELECT * FROM t WHERE EXISTS(SELECT * FROM u)",
        "SELECT * FROM t WHERE pk = (SELECT a FROM u)",
        "SELECT * FROM t; DELETE FROM t",
        "SELECT * FROM t -- x",
        "SELECT * FROM t /* x */",
        "SELECT * FROM t WHERE pk = `a`",
        "SELECT * FROM t WHERE pk = 'a",
        "SELECT * FROM t RETURNING ALL OLD *",
        "INSERT INTO t VALUE ?",
        "INSERT INTO t VALUE {'pk': 'a', 'pk': 'b'}",
        "INSERT INTO t VALUE {'pk': 'a'} ON CONFLICT DO NOTHING",
        "INSERT INTO t VALUE {pk: 'a'}",
        "INSERT INTO t VALUE {'pk': 'a'",
        "INSERT INTO t VALUES ('a')",
        "INSERT INTO t SELECT * FROM u",
        "UPDATE t SET a=1",
        "UPDATE t SET a=1 WHERE pk='a' OR pk='b'",
        "UPDATE t x SET a=1 WHERE pk='a'",
        "DELETE FROM t",
        "DELETE FROM t WHERE pk='a' RETURNING EVERYTHING",
        "DELETE t WHERE pk='a'",
        "DROP TABLE t",
        "EXISTS(SELECT * FROM t WHERE pk='a')",
      })
  void rejectsUnsupportedStatements(String statement) {
    assertThrows(AwsFault.class, () -> PartiQlStatement.parse(statement));
  }

  @ParameterizedTest(name = "{0} accesses {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT a, b.c, "from" FROM "t" WHERE pk = 'x' AND size(d) > 1 | a b d from pk
          INSERT INTO t VALUE {'pk': 'a', 'm': {'n': 1}}               | m pk
          UPDATE t SET a = b REMOVE c WHERE pk = 'x'                   | REMOVE a b c pk
          DELETE FROM "t" WHERE pk = 'x' AND sk = 'y'                  | pk sk
          """)
  void findsEveryNameThatMayBeAnAttribute(String statement, String attributes) {
    var expected = new TreeSet<>(Set.of(attributes.split(" ", -1)));
    assertEquals(expected, PartiQlStatement.parse(statement).attributes());
  }

  @Test
  void limitsStatementsTo8192Characters() {
    var statement = "SELECT * FROM t WHERE pk = '" + "''".repeat(5_000) + "'";
    assertThrows(AwsFault.class, () -> PartiQlStatement.parse(statement));
  }
}
