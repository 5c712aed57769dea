package dev.partywall.local.aws.dynamo;

import dev.partywall.local.aws.dynamo.PartiQlTokenStream.PartiQlToken;
import dev.partywall.local.aws.dynamo.PartiQlTokenStream.TokenKind;
import java.util.HashMap;
import java.util.Map;

/** The item of an INSERT: <code>{'pk': 'acme', 'n': {'any': 'value'}}</code>. */
final class ItemLiteral {
  private ItemLiteral() {}

  /**
   * Returns the first token of each attribute value, by name. For scalar values, this token is the
   * complete value.
   */
  static Map<String, PartiQlToken> parse(PartiQlTokenStream tokens) {
    var values = new HashMap<String, PartiQlToken>();
    int i = 0;
    do {
      i++;
      if (tokens.at(i).kind() != TokenKind.STRING || !tokens.at(i + 1).is(":")) {
        throw PartiQlStatement.malformed("Expected an attribute name");
      }
      if (values.put(tokens.at(i).text(), tokens.at(i + 2)) != null) {
        throw PartiQlStatement.malformed("Duplicate attribute");
      }
      i = afterValue(tokens, i + 2);
    } while (tokens.at(i).is(","));
    if (!tokens.at(0).is("{") || !tokens.at(i).is("}") || i != tokens.size() - 1) {
      throw PartiQlStatement.malformed("Expected a single item");
    }
    return values;
  }

  private static int afterValue(PartiQlTokenStream tokens, int from) {
    if (tokens.at(from).isValue()) {
      return from + 1;
    }
    int depth = 0;
    for (int i = from; i < tokens.size(); i++) {
      if (depth == 0 && tokens.at(i).is(",", "}")) {
        return i;
      }
      depth += tokens.at(i).is("{", "[", "<<") ? 1 : tokens.at(i).is("}", "]", ">>") ? -1 : 0;
    }
    throw PartiQlStatement.malformed("Unterminated value");
  }
}
