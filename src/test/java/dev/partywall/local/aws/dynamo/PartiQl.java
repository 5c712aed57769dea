package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.dynamo.PartiQlTokens.Kind;
import dev.partywall.local.aws.dynamo.PartiQlTokens.Token;
import dev.partywall.local.aws.wire.AwsFault;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A PartiQL statement, as far as its authorisation goes. A SELECT whose WHERE is more than a
 * conjunction counts as a full scan, without leading keys; any other statement of an unfamiliar
 * form is refused.
 *
 * @param action of {@code dynamodb:}
 * @param equal the values that the statement binds top-level attributes to; empty where that can't
 *     be said
 * @param attributes every name in it that may be an attribute
 * @param everything whether it selects all attributes
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
  private static final String[] NEVER = {
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
    if (tokens.find(0, NEVER) < end
        || tokens.find(1, "SELECT") < end
        || tokens.find(tokens.find(0, "FROM") + 1, "FROM") < end) {
      throw malformed("a statement must be about one table");
    }
    return switch (tokens.at(0)) {
      case Token first when first.is("SELECT") && end == all.size() -> select(tokens);
      case Token first when first.is("INSERT") && end == all.size() -> insert(tokens);
      case Token first when first.is("UPDATE") ->
          change("PartiQLUpdate", 1, tokens, returning(all, end));
      case Token first when first.is("DELETE") && tokens.at(1).is("FROM") ->
          change("PartiQLDelete", 2, tokens, returning(all, end));
      default -> throw malformed("not a statement that is known");
    };
  }

  private static PartiQl select(PartiQlTokens tokens) {
    int from = tokens.find(0, "FROM");
    int next = afterTable(tokens, from + 1);
    int order = tokens.find(next, "ORDER");
    if (next < tokens.size() && !tokens.at(next).is("WHERE", "ORDER")) {
      throw malformed("a table has no other name here");
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

  private static PartiQl change(
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
      throw malformed("INSERT INTO table VALUE {…} expected");
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
      throw malformed("a table expected");
    }
    return table + (indexed ? 3 : 1);
  }

  /** {@code RETURNING ALL OLD *} and its like, as the ReturnValues that they are. */
  private static Optional<String> returning(PartiQlTokens all, int at) {
    if (at == all.size()) {
      return Optional.of("NONE");
    }
    var what = all.at(at + 1).is("ALL") ? "ALL_" : "UPDATED_";
    var when = all.at(at + 2).is("OLD") ? "OLD" : "NEW";
    if (!all.at(at + 1).is("ALL", "MODIFIED")
        || !all.at(at + 2).is("OLD", "NEW")
        || !all.at(at + 3).is("*")
        || all.size() != at + 4) {
      throw malformed("RETURNING is not understood");
    }
    return Optional.of(what + when);
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

  static AwsFault malformed(String why) {
    return AwsFault.validation("Statement wasn't well formed, can't be processed: " + why);
  }
}
