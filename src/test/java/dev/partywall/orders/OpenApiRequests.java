package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares requests, and whether the service accepted them, with its description. */
public record OpenApiRequests(OpenApiValidation openApi) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A parameter in a query, as it was sent. */
  private record Sent(String name, String value) {}

  /**
   * Asserts that an accepted request has only parameters and a body that the description permits,
   * and that a query which the description permits is not rejected.
   *
   * @param target the path with its query
   * @param comparesQuery whether only the query can cause a 400
   */
  public void check(
      String method, String target, byte @Nullable [] body, int status, boolean comparesQuery) {
    var path = target.replaceAll("\\?.*", "");
    var operation = openApi.operation(method, path);
    if (operation.isMissingNode()) {
      return;
    }
    var label = method + " " + target + ": " + status;
    var faults = faults(openApi.parameters(method, path), sent(target));
    if (status < 400) {
      assertEquals(List.of(), faults, label);
      checkBody(label, operation, body);
    } else if (comparesQuery && faults.isEmpty() && target.contains("?")) {
      assertNotEquals(400, status, label + ", but the description permits the query");
    }
  }

  private List<String> faults(Stream<JsonNode> declared, List<Sent> sent) {
    var schemas = new HashMap<String, JsonNode>();
    declared
        .filter(parameter -> parameter.path("in").asText().equals("query"))
        .forEach(
            parameter -> schemas.put(parameter.path("name").asText(), parameter.path("schema")));
    var faults = new ArrayList<String>();
    var names = new HashSet<String>();
    for (var parameter : sent) {
      var schema = schemas.get(parameter.name());
      if (schema == null || !names.add(parameter.name())) {
        faults.add(parameter.name());
      } else if (!openApi.permits(schema, value(schema, parameter.value()))) {
        faults.add(parameter.name() + "=" + parameter.value());
      }
    }
    return faults;
  }

  private static JsonNode value(JsonNode schema, String text) {
    var isNumber =
        schema.path("type").asText().equals("integer") && text.matches("-?(0|[1-9][0-9]{0,17})");
    return isNumber ? JSON.numberNode(Long.parseLong(text)) : JSON.textNode(text);
  }

  private static List<Sent> sent(String target) {
    if (!target.contains("?")) {
      return List.of();
    }
    return Stream.of(target.substring(target.indexOf('?') + 1).split("&"))
        .filter(part -> !part.isEmpty())
        .map(part -> part.split("=", 2))
        .map(parts -> new Sent(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1])))
        .toList();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** A merge patch is no instance of the described object: null removes any member (RFC 7396). */
  private void checkBody(String label, JsonNode operation, byte @Nullable [] body) {
    var schema = operation.at("/requestBody/content/application~1json/schema");
    if (body != null && !schema.isMissingNode()) {
      openApi.validate(label, schema, OpenApiValidation.parse(label, body));
    }
  }
}
