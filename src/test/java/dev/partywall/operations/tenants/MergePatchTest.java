package dev.partywall.operations.tenants;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.partywall.json.Json;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The examples of RFC 7396, appendix A. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"a\":\"b\"}             | {\"a\":\"c\"}                  | {\"a\":\"c\"}",
        "{\"a\":\"b\"}             | {\"b\":\"c\"}                  | {\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"}             | {\"a\":null}                   | {}",
        "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null}                   | {\"b\":\"c\"}",
        "{\"a\":[\"b\"]}           | {\"a\":\"c\"}                  | {\"a\":\"c\"}",
        "{\"a\":\"c\"}             | {\"a\":[\"b\"]}                | {\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}}     | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
        "{\"a\":[{\"b\":\"c\"}]}   | {\"a\":[1]}                    | {\"a\":[1]}",
        "[\"a\",\"b\"]             | [\"c\",\"d\"]                  | [\"c\",\"d\"]",
        "{\"a\":\"b\"}             | [\"c\"]                        | [\"c\"]",
        "{\"a\":\"foo\"}           | null                           | null",
        "{\"a\":\"foo\"}           | \"bar\"                        | \"bar\"",
        "{\"e\":null}              | {\"a\":1}                      | {\"e\":null,\"a\":1}",
        "[1,2]                     | {\"a\":\"b\",\"c\":null}       | {\"a\":\"b\"}",
        "{}                        | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}",
      })
  void returnsTheResultsOfTheStandard(String target, String patch, String result) {
    var original = Json.parseStored(target);
    var change = Json.parseStored(patch);
    assertEquals(Json.parseStored(result), MergePatch.apply(original, change));
    assertEquals(MergeOracle.paths(Json.parseStored(result)), MergeOracle.patch(original, change));
    assertEquals(Json.parseStored(target), original);
    assertEquals(Json.parseStored(patch), change);
  }

  @Test
  void agreesWithAnIndependentImplementation() {
    var random = new Random(7396);
    for (var i = 0; i < 20_000; i++) {
      var target = value(random, 3);
      var patch = value(random, 4);
      assertEquals(
          MergeOracle.patch(target, patch),
          MergeOracle.paths(MergePatch.apply(target, patch)),
          () -> target + " patched by " + patch);
    }
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 8)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.numberNode(random.nextInt(3));
      case 2 -> JSON.arrayNode().add(random.nextInt(2));
      default -> {
        var object = JSON.objectNode();
        for (var name : List.of("a", "b", "c")) {
          if (random.nextBoolean()) {
            object.set(name, value(random, depth - 1));
          }
        }
        yield object;
      }
    };
  }
}
