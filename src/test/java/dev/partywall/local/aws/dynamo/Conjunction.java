package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.dynamo.PartiQlTokenStream.PartiQlToken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A WHERE clause of plain comparisons joined by AND. Only in this form does an equality apply to
 * every returned item. Other forms are not parsed.
 */
final class Conjunction {
  private static final String[] COMPARISONS = {"=", "<", ">", "<=", ">=", "<>", "!="};

  private final PartiQlTokenStream tokens;
  private final Map<String, PartiQlToken> equalities = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();
  private int next;

  private Conjunction(PartiQlTokenStream tokens) {
    this.tokens = tokens;
  }

  /**
   * Returns the values that top-level attributes must equal.
   *
   * @return empty if the clause has another form
   */
  static Optional<Map<String, PartiQlToken>> equalities(PartiQlTokenStream where) {
    return new Conjunction(where).parse();
  }

  private Optional<Map<String, PartiQlToken>> parse() {
    do {
      if (!term()) {
        return Optional.empty();
      }
    } while (accept("AND"));
    ambiguous.forEach(equalities::remove);
    return next == tokens.size() ? Optional.of(equalities) : Optional.empty();
  }

  private boolean term() {
    if (tokens.at(next).is("BEGINS_WITH", "CONTAINS") && tokens.at(next + 1).is("(")) {
      return function();
    }
    var name = tokens.at(next++);
    var nested = tokens.at(next).is(".", "[");
    while (pathStep()) {
      // skips a document path
    }
    var between = tokens.at(next).is("BETWEEN");
    return name.isName() && (between ? between() : compared(name.text(), nested));
  }

  private boolean pathStep() {
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
    if (!accept(COMPARISONS) || !tokens.at(next).isValue()) {
      return false;
    }
    var value = tokens.at(next++);
    if (equality && !nested && equalities.put(name, value) != null) {
      ambiguous.add(name);
    }
    return true;
  }

  private boolean between() {
    return accept("BETWEEN") && value() && accept("AND") && value();
  }

  /** Parses only {@code begins_with(name, value)}. */
  private boolean function() {
    next += 2;
    var name = tokens.at(next++).isName();
    return name && accept(",") && value() && accept(")");
  }

  private boolean value() {
    return tokens.at(next++).isValue();
  }

  private boolean accept(String... words) {
    var accepted = tokens.at(next).is(words);
    next += accepted ? 1 : 0;
    return accepted;
  }
}
