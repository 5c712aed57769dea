package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.dynamo.PartiQlTokens.Token;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A WHERE clause of plain comparisons joined by AND. Only of such a one can be said that an
 * equality in it holds for every item that it finds; any other is not read at all.
 */
final class Conjunction {
  private static final String[] COMPARISONS = {"=", "<", ">", "<=", ">=", "<>", "!="};

  private final PartiQlTokens tokens;
  private final Map<String, Token> equal = new HashMap<>();
  private final Set<String> twice = new HashSet<>();
  private int next;

  private Conjunction(PartiQlTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * The values that top-level attributes must equal.
   *
   * @return empty where the clause is of another form
   */
  static Optional<Map<String, Token>> equalities(PartiQlTokens where) {
    return new Conjunction(where).read();
  }

  private Optional<Map<String, Token>> read() {
    do {
      if (!term()) {
        return Optional.empty();
      }
    } while (take("AND"));
    twice.forEach(equal::remove);
    return next == tokens.size() ? Optional.of(equal) : Optional.empty();
  }

  private boolean term() {
    if (tokens.at(next).is("BEGINS_WITH", "CONTAINS") && tokens.at(next + 1).is("(")) {
      return function();
    }
    var name = tokens.at(next++);
    var nested = tokens.at(next).is(".", "[");
    while (step()) {
      // a path into a document
    }
    var between = tokens.at(next).is("BETWEEN");
    return name.isName() && (between ? between() : compared(name.text(), nested));
  }

  private boolean step() {
    if (tokens.at(next).is(".") && tokens.at(next + 1).isName()) {
      next += 2;
      return true;
    }
    if (tokens.at(next).is("[") && tokens.at(next + 2).is("]")) {
      next += 3;
      return true;
    }
    return false;
  }

  private boolean compared(String name, boolean nested) {
    var equality = tokens.at(next).is("=");
    if (!take(COMPARISONS) || !tokens.at(next).isValue()) {
      return false;
    }
    var value = tokens.at(next++);
    if (equality && !nested && equal.put(name, value) != null) {
      twice.add(name);
    }
    return true;
  }

  private boolean between() {
    return take("BETWEEN") && value() && take("AND") && value();
  }

  /** {@code begins_with(name, value)}: no more than that. */
  private boolean function() {
    next += 2;
    var name = tokens.at(next++).isName();
    return name && take(",") && value() && take(")");
  }

  private boolean value() {
    return tokens.at(next++).isValue();
  }

  private boolean take(String... words) {
    var taken = tokens.at(next).is(words);
    next += taken ? 1 : 0;
    return taken;
  }
}
