package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds answers against {@code openapi.json}: an answer that it does not describe is a failure of
 * whatever test saw it. Safe for use by many threads.
 */
public final class OpenApiTruth {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode api;
  private final SchemaRegistry registry = SchemaRegistry.withDialect(Dialects.getDraft202012());
  private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

  /** The description that is in the jar. */
  public OpenApiTruth() {
    try (var in = OpenApiTruth.class.getResourceAsStream("/openapi.json")) {
      api = JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The description itself. */
  public JsonNode api() {
    return api;
  }

  /**
   * Makes sure that the description has this answer.
   *
   * @param path as it was asked for, without the query
   * @param headers by their names in any case of letters
   */
  public void check(
      String method, String path, int status, Map<String, List<String>> headers, byte[] body) {
    var what = method + " " + path + ": " + status;
    var fields = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    fields.putAll(headers);
    var item = pathItem(path);
    var operation = item.map(it -> operation(it, method));
    if (operation.isEmpty() || operation.get().isMissingNode()) {
      checkUndescribed(what, method, item.isPresent(), status, fields);
      return;
    }
    var response = resolve(operation.get().path("responses").path(Integer.toString(status)));
    assertFalse(response.isMissingNode(), what + " is not described");
    checkHeaders(what, response, fields);
    checkContent(what, response, method, fields, body);
  }

  private static JsonNode operation(JsonNode item, String method) {
    return item.path(method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT));
  }

  /** What the description says in words about what is not in it. */
  private static void checkUndescribed(
      String what, String method, boolean known, int status, Map<String, List<String>> fields) {
    if (status == 400 || status == 401 || status == 503) {
      return;
    }
    if (!known) {
      assertEquals(404, status, what);
      return;
    }
    assertEquals(method.equals("OPTIONS") ? 204 : 405, status, what);
    assertTrue(fields.containsKey("Allow"), what + " without Allow");
  }

  private void checkHeaders(String what, JsonNode response, Map<String, List<String>> fields) {
    for (var described : response.path("headers").properties()) {
      var name = described.getKey();
      var header = resolve(described.getValue());
      var values = fields.getOrDefault(name, List.of());
      assertTrue(values.size() <= 1, what + ": several " + name);
      assertTrue(
          !values.isEmpty() || !header.path("required").booleanValue(), what + ": no " + name);
      for (var value : values) {
        validate(what + ", " + name, header.path("schema"), JSON.getNodeFactory().textNode(value));
      }
    }
  }

  private void checkContent(
      String what,
      JsonNode response,
      String method,
      Map<String, List<String>> fields,
      byte[] body) {
    var content = response.path("content");
    if (content.isMissingNode()) {
      assertEquals(0, body.length, what + ": a body");
      return;
    }
    var type = fields.getOrDefault("Content-Type", List.of("none")).getFirst();
    assertTrue(content.has(type), what + ": content type " + type);
    if (!method.equals("HEAD")) {
      validate(what, content.path(type).path("schema"), parse(what, body));
    }
  }

  private void validate(String what, JsonNode schema, JsonNode value) {
    var errors = schemas.computeIfAbsent(schema, this::schema).validate(value);
    if (!errors.isEmpty()) {
      fail(what + ": " + errors + "\n" + value);
    }
  }

  /** A schema that can refer to the description's components. */
  private Schema schema(JsonNode part) {
    ObjectNode whole = JSON.createObjectNode();
    whole.set("components", api.path("components"));
    whole.putArray("allOf").add(part);
    return registry.getSchema(whole);
  }

  private JsonNode resolve(JsonNode node) {
    var reference = node.path("$ref").asText("");
    return reference.isEmpty() ? node : api.at(reference.substring(1));
  }

  private Optional<JsonNode> pathItem(String path) {
    var paths = api.path("paths");
    if (paths.has(path)) {
      return Optional.of(paths.path(path));
    }
    return paths.properties().stream()
        .filter(it -> path.matches(it.getKey().replaceAll("\\{[^}]*}", "[^/]+")))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static JsonNode parse(String what, byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      return fail(what + ": not JSON", e);
    }
  }
}
