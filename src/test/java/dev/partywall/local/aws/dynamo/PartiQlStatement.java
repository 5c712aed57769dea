package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.dynamo.PartiQlTokenStream.PartiQlToken;
import dev.partywall.local.aws.dynamo.PartiQlTokenStream.TokenKind;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A PartiQL statement, parsed as far as authorization needs it. A SELECT whose WHERE clause does
 * not limit the partition key by {@code =} or {@code IN} counts as a full scan without leading
 * keys. Other statements of an unsupported form are rejected.
 *
 * @param action the action in {@code dynamodb:}
 * @param equalities the values, of which top-level attributes must equal one; empty if unknown
 * @param attributes every name that may be an attribute
 * @param selectsAll whether the statement selects all attributes
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html">IAM
 *     with PartiQL</a>
 */
record PartiQlStatement(
    String action,
    String table,
    Optional<String> index,
    Optional<Map<String, List<PartiQlToken>>> equalities,
    Set<String> attributes,
    boolean selectsAll,
    Optional<String> returnValues) {
  private static final String[] UNSUPPORTED = {
    "EXISTS", "JOIN", "UNION", "INTERSECT", "EXCEPT", "LET", "UNPIVOT", "PIVOT", "AS", "AT", "GROUP"
  };
  private static final String[] RESERVED = {
    "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "BETWEEN", "IN", "IS", "SET", "UPDATE", "DELETE",
    "ORDER", "BY", "ASC", "DESC", "NULL", "TRUE", "FALSE"
  };

  static PartiQlStatement parse(String statement) {
    var all = PartiQlTokenStream.of(statement);
    var end = all.find(0, "RETURNING");
    var tokens = all.slice(0, end);
    if (tokens.find(0, UNSUPPORTED) < end
        || tokens.find(1, "SELECT") < end
        || tokens.find(tokens.find(0, "FROM") + 1, "FROM") < end) {
      throw malformed("A statement must access exactly one table");
    }
    return switch (tokens.at(0)) {
      case PartiQlToken first when first.is("SELECT") && end == all.size() -> select(tokens);
      case PartiQlToken first when first.is("INSERT") && end == all.size() -> insert(tokens);
      case PartiQlToken first when first.is("UPDATE") ->
          updateOrDelete("PartiQLUpdate", 1, tokens, returnValues(all, end));
      case PartiQlToken first when first.is("DELETE") && tokens.at(1).is("FROM") ->
          updateOrDelete("PartiQLDelete", 2, tokens, returnValues(all, end));
      default -> throw malformed("Unsupported statement");
    };
  }

  private static PartiQlStatement select(PartiQlTokenStream tokens) {
    int from = tokens.find(0, "FROM");
    int next = afterTable(tokens, from + 1);
    int order = tokens.find(next, "ORDER");
    if (next < tokens.size() && !tokens.at(next).is("WHERE", "ORDER")) {
      throw malformed("Table aliases are not supported");
    }
    var equal =
        tokens.at(next).is("WHERE")
            ? Disjunction.values(tokens.slice(next + 1, order))
            : Optional.<Map<String, List<PartiQlToken>>>empty();
    var names = names(tokens.slice(1, from));
    names.addAll(names(tokens.slice(next, tokens.size())));
    var everything = tokens.slice(1, from).find(0, "*") < from - 1;
    return of("PartiQLSelect", tokens, from + 1, equal, names, everything, Optional.empty());
  }

  private static PartiQlStatement updateOrDelete(
      String action, int table, PartiQlTokenStream tokens, Optional<String> returning) {
    int next = afterTable(tokens, table);
    int where = tokens.find(next, "WHERE");
    var equal =
        Conjunction.equalities(tokens.slice(Math.min(where + 1, tokens.size()), tokens.size()));
    if (equal.isEmpty() || !tokens.at(next).is("SET", "REMOVE", "WHERE")) {
      throw malformed("Where clause does not contain a mandatory equality on all key attributes");
    }
    var names = names(tokens.slice(next, tokens.size()));
    return of(action, tokens, table, equal, names, false, returning);
  }

  private static PartiQlStatement insert(PartiQlTokenStream tokens) {
    int next = afterTable(tokens, 2);
    if (!tokens.at(1).is("INTO") || !tokens.at(next).is("VALUE")) {
      throw malformed("Expected INSERT INTO table VALUE {…}");
    }
    var item = new HashMap<String, List<PartiQlToken>>();
    ItemLiteral.parse(tokens.slice(next + 1, tokens.size()))
        .forEach((name, value) -> item.put(name, List.of(value)));
    return of(
        "PartiQLInsert",
        tokens,
        2,
        Optional.of(item),
        new TreeSet<>(item.keySet()),
        false,
        Optional.empty());
  }

  private static PartiQlStatement of(
      String action,
      PartiQlTokenStream tokens,
      int table,
      Optional<Map<String, List<PartiQlToken>>> equal,
      Set<String> names,
      boolean everything,
      Optional<String> returning) {
    var index =
        tokens.at(table + 1).is(".")
            ? Optional.of(tokens.at(table + 2).text())
            : Optional.<String>empty();
    return new PartiQlStatement(
        action, tokens.at(table).text(), index, equal, names, everything, returning);
  }

  private static int afterTable(PartiQlTokenStream tokens, int table) {
    var indexed = tokens.at(table + 1).is(".");
    if (!tokens.at(table).isName() || (indexed && !tokens.at(table + 2).isName())) {
      throw malformed("Expected a table");
    }
    return table + (indexed ? 3 : 1);
  }

  /** Converts {@code RETURNING ALL OLD *} and similar clauses to the corresponding ReturnValues. */
  private static Optional<String> returnValues(PartiQlTokenStream all, int at) {
    if (at == all.size()) {
      return Optional.of("NONE");
    }
    var scope = all.at(at + 1).is("ALL") ? "ALL_" : "UPDATED_";
    var version = all.at(at + 2).is("OLD") ? "OLD" : "NEW";
    if (!all.at(at + 1).is("ALL", "MODIFIED")
        || !all.at(at + 2).is("OLD", "NEW")
        || !all.at(at + 3).is("*")
        || all.size() != at + 4) {
      throw malformed("Unsupported RETURNING clause");
    }
    return Optional.of(scope + version);
  }

  private static Set<String> names(PartiQlTokenStream tokens) {
    var names = new TreeSet<String>();
    for (int i = 0; i < tokens.size(); i++) {
      var token = tokens.at(i);
      if (token.kind() == TokenKind.QUOTED
          || (token.kind() == TokenKind.WORD && !token.is(RESERVED))) {
        if (!tokens.at(i - 1).is(".") && !tokens.at(i + 1).is("(")) {
          names.add(token.text());
        }
      }
    }
    return names;
  }

  static AwsFault malformed(String reason) {
    return AwsFault.validation("Statement wasn't well formed, can't be processed: " + reason);
  }
}
