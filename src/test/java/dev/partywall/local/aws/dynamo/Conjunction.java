package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.dynamo.PartiQlTokenStream.PartiQlToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plain comparisons joined by AND. Only in this form does an equality, or a list of values, apply
 * to every returned item. Other forms are not parsed.
 */
final class Conjunction {
  private static final String[] COMPARISONS = {"=", "<", ">", "<=", ">=", "<>", "!="};

  private final PartiQlTokenStream tokens;
  private final Map<String, List<PartiQlToken>> equalities = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();
  private int next;

  private Conjunction(PartiQlTokenStream tokens) {
    this.tokens = tokens;
  }

  /**
   * Returns the values, of which top-level attributes must equal one: by {@code =} or {@code IN}.
   *
   * @return empty if the clause has another form
   */
  static Optional<Map<String, List<PartiQlToken>>> equalities(PartiQlTokenStream where) {
    return new Conjunction(where).parse();
  }

  private Optional<Map<String, List<PartiQlToken>>> parse() {
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
    if (!name.isName()) {
      return false;
    }
    if (tokens.at(next).is("BETWEEN")) {
      return between();
    }
    return tokens.at(next).is("IN") ? listed(name.text(), nested) : compared(name.text(), nested);
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
    if (equality && !nested) {
      require(name, List.of(value));
    }
    return true;
  }

  private boolean listed(String name, boolean nested) {
    next++;
    var end = tokens.at(next).is("(") ? ")" : "]";
    if (!accept("(", "[")) {
      return false;
    }
    var values = new ArrayList<PartiQlToken>();
    do {
      values.add(tokens.at(next));
      if (!value()) {
        return false;
      }
    } while (accept(","));
    if (!nested) {
      require(name, values);
    }
    return accept(end);
  }

  private void require(String name, List<PartiQlToken> values) {
    if (equalities.put(name, values) != null) {
      ambiguous.add(name);
    }
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
