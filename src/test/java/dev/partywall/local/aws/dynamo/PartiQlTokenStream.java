package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.wire.AwsFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tokens of a PartiQL statement. Comments, Ion literals and all other tokens are rejected.
 * Otherwise this parser and the engine could skip different text.
 */
final class PartiQlTokenStream {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<string>'[^']*+(?:''[^']*+)*+')|(?<quoted>\"[^\"]*+(?:\"\"[^\"]*+)*+\")"
              + "|(?<word>[A-Za-z_]\\w*+)|(?<number>\\d++(?:\\.\\d++)?+(?![\\w.]))|(?<parameter>\\?)"
              + "|(?<symbol><<|>>|<=|>=|<>|!=|[=<>(),.\\[\\]{}:+*]|-(?!-)))\\s*");
  private static final int MAX_CHARACTERS = 8_192;
  private static final List<TokenKind> KINDS = List.of(TokenKind.values());

  enum TokenKind {
    STRING,
    QUOTED,
    WORD,
    NUMBER,
    PARAMETER,
    SYMBOL
  }

  /**
   * A token of a statement.
   *
   * @param text without quotes; for a parameter, its zero-based index
   */
  record PartiQlToken(TokenKind kind, String text) {
    boolean is(String... any) {
      var plain = kind == TokenKind.WORD ? text.toUpperCase(Locale.ROOT) : text;
      return (kind == TokenKind.WORD || kind == TokenKind.SYMBOL) && Set.of(any).contains(plain);
    }

    boolean isName() {
      return kind == TokenKind.WORD || kind == TokenKind.QUOTED;
    }

    boolean isValue() {
      return kind == TokenKind.STRING || kind == TokenKind.NUMBER || kind == TokenKind.PARAMETER;
    }
  }

  private static final PartiQlToken END = new PartiQlToken(TokenKind.SYMBOL, "");

  private final List<PartiQlToken> tokens;

  private PartiQlTokenStream(List<PartiQlToken> tokens) {
    this.tokens = tokens;
  }

  static PartiQlTokenStream of(String statement) {
    if (statement.length() > MAX_CHARACTERS) {
      throw AwsFault.validation("Statement exceeds " + MAX_CHARACTERS + " characters");
    }
    var tokens = new ArrayList<PartiQlToken>();
    var matcher = TOKEN.matcher(statement);
    int marks = 0;
    for (int end = 0; end < statement.length(); end = matcher.end()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw AwsFault.validation("Statement wasn't well formed, can't be processed: " + statement);
      }
      var found = matcher;
      var kind =
          KINDS.stream()
              .filter(candidate -> found.group(group(candidate)) != null)
              .findFirst()
              .orElseThrow();
      var text = matcher.group(group(kind));
      tokens.add(
          new PartiQlToken(
              kind, kind == TokenKind.PARAMETER ? String.valueOf(marks++) : plain(kind, text)));
    }
    return new PartiQlTokenStream(tokens);
  }

  private static String group(TokenKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String plain(TokenKind kind, String text) {
    return switch (kind) {
      case STRING -> text.substring(1, text.length() - 1).replace("''", "'");
      case QUOTED -> text.substring(1, text.length() - 1).replace("\"\"", "\"");
      default -> text;
    };
  }

  int size() {
    return tokens.size();
  }

  PartiQlToken at(int i) {
    return i >= 0 && i < tokens.size() ? tokens.get(i) : END;
  }

  /**
   * Returns the index of the first occurrence of any of {@code words} from {@code from}; the size
   * if none occurs.
   */
  int find(int from, String... words) {
    int i = from;
    while (i < tokens.size() && !tokens.get(i).is(words)) {
      i++;
    }
    return i;
  }

  PartiQlTokenStream slice(int from, int to) {
    return new PartiQlTokenStream(tokens.subList(from, to));
  }
}
