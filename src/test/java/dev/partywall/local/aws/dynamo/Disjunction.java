package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.dynamo.PartiQlTokenStream.PartiQlToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The WHERE clause of a SELECT: conjunctions joined by OR. If each of them limits the partition key
 * to certain values, DynamoDB reads only these partitions. Other forms are not parsed.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html">PartiQL
 *     select statements</a>
 */
final class Disjunction {
  private Disjunction() {}

  /**
   * Returns the values, of which top-level attributes of each item must equal one.
   *
   * @return empty if the clause has another form
   */
  static Optional<Map<String, List<PartiQlToken>>> values(PartiQlTokenStream where) {
    var end = where.find(0, "OR");
    var all = Conjunction.equalities(where.slice(0, end));
    while (all.isPresent() && end < where.size()) {
      var start = end + 1;
      end = where.find(start, "OR");
      var next = Conjunction.equalities(where.slice(start, end));
      all = all.flatMap(left -> next.map(right -> union(left, right)));
    }
    return all;
  }

  private static Map<String, List<PartiQlToken>> union(
      Map<String, List<PartiQlToken>> left, Map<String, List<PartiQlToken>> right) {
    var union = new HashMap<String, List<PartiQlToken>>();
    left.forEach((name, values) -> {
      if (right.containsKey(name)) {
        var both = new ArrayList<>(values);
        both.addAll(right.get(name));
        union.put(name, both);
      }
    });
    return union;
  }
}
