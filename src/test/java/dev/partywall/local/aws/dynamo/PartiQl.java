package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.dynamo.PartiQlTokens.Kind;
import dev.partywall.local.aws.dynamo.PartiQlTokens.Token;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A PartiQL statement, parsed as far as authorization needs it. A SELECT whose WHERE clause is not
 * a plain conjunction counts as a full scan without leading keys. Other statements of an
 * unsupported form are rejected.
 *
 * @param action the action in {@code dynamodb:}
 * @param equal the values that top-level attributes must equal; empty if unknown
 * @param attributes every name that may be an attribute
 * @param everything whether the statement selects all attributes
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html">IAM
 *     with PartiQL</a>
 */
record PartiQl(
    String action,
    String table,
    Optional<String> index,
    Optional<Map<String, Token>> equal,
    Set<String> attributes,
    boolean everything,
    Optional<String> returning) {
  private static final String[] UNSUPPORTED = {
    "EXISTS", "JOIN", "UNION", "INTERSECT", "EXCEPT", "LET", "UNPIVOT", "PIVOT", "AS", "AT", "GROUP"
  };
  private static final String[] RESERVED = {
    "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "BETWEEN", "IN", "IS", "SET", "UPDATE", "DELETE",
    "ORDER", "BY", "ASC", "DESC", "NULL", "TRUE", "FALSE"
  };

  static PartiQl read(String statement) {
    var all = PartiQlTokens.of(statement);
    var end = all.find(0, "RETURNING");
    var tokens = all.slice(0, end);
    if (tokens.find(0, UNSUPPORTED) < end
        || tokens.find(1, "SELECT") < end
        || tokens.find(tokens.find(0, "FROM") + 1, "FROM") < end) {
      throw malformed("A statement must access exactly one table");
    }
    return switch (tokens.at(0)) {
      case Token first when first.is("SELECT") && end == all.size() -> select(tokens);
      case Token first when first.is("INSERT") && end == all.size() -> insert(tokens);
      case Token first when first.is("UPDATE") ->
          updateOrDelete("PartiQLUpdate", 1, tokens, returning(all, end));
      case Token first when first.is("DELETE") && tokens.at(1).is("FROM") ->
          updateOrDelete("PartiQLDelete", 2, tokens, returning(all, end));
      default -> throw malformed("Unsupported statement");
    };
  }

  private static PartiQl select(PartiQlTokens tokens) {
    int from = tokens.find(0, "FROM");
    int next = afterTable(tokens, from + 1);
    int order = tokens.find(next, "ORDER");
    if (next < tokens.size() && !tokens.at(next).is("WHERE", "ORDER")) {
      throw malformed("Table aliases are not supported");
    }
    var equal =
        tokens.at(next).is("WHERE")
            ? Conjunction.equalities(tokens.slice(next + 1, order))
            : Optional.<Map<String, Token>>empty();
    var names = names(tokens.slice(1, from));
    names.addAll(names(tokens.slice(next, tokens.size())));
    var everything = tokens.slice(1, from).find(0, "*") < from - 1;
    return of("PartiQLSelect", tokens, from + 1, equal, names, everything, Optional.empty());
  }

  private static PartiQl updateOrDelete(
      String action, int table, PartiQlTokens tokens, Optional<String> returning) {
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

  private static PartiQl insert(PartiQlTokens tokens) {
    int next = afterTable(tokens, 2);
    if (!tokens.at(1).is("INTO") || !tokens.at(next).is("VALUE")) {
      throw malformed("Expected INSERT INTO table VALUE {…}");
    }
    var item = ItemLiteral.read(tokens.slice(next + 1, tokens.size()));
    return of(
        "PartiQLInsert",
        tokens,
        2,
        Optional.of(item),
        new TreeSet<>(item.keySet()),
        false,
        Optional.empty());
  }

  private static PartiQl of(
      String action,
      PartiQlTokens tokens,
      int table,
      Optional<Map<String, Token>> equal,
      Set<String> names,
      boolean everything,
      Optional<String> returning) {
    var index =
        tokens.at(table + 1).is(".")
            ? Optional.of(tokens.at(table + 2).text())
            : Optional.<String>empty();
    return new PartiQl(action, tokens.at(table).text(), index, equal, names, everything, returning);
  }

  private static int afterTable(PartiQlTokens tokens, int table) {
    var indexed = tokens.at(table + 1).is(".");
    if (!tokens.at(table).isName() || (indexed && !tokens.at(table + 2).isName())) {
      throw malformed("Expected a table");
    }
    return table + (indexed ? 3 : 1);
  }

  /** Converts {@code RETURNING ALL OLD *} and similar clauses to the corresponding ReturnValues. */
  private static Optional<String> returning(PartiQlTokens all, int at) {
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

  private static Set<String> names(PartiQlTokens tokens) {
    var names = new TreeSet<String>();
    for (int i = 0; i < tokens.size(); i++) {
      var token = tokens.at(i);
      if (token.kind() == Kind.QUOTED || (token.kind() == Kind.WORD && !token.is(RESERVED))) {
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
