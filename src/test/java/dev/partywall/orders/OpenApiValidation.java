package dev.partywall.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Validates responses against the description that the service serves. A response that the
 * description does not cover fails the calling test. Thread-safe.
 */
public final class OpenApiValidation {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode api;
  private final SchemaRegistry registry = SchemaRegistry.withDialect(Dialects.getDraft202012());
  private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

  /** Reads the description in {@code /openapi.json}. */
  public OpenApiValidation(byte[] description) {
    api = parse("/openapi.json", description);
  }

  /** Returns the description. */
  public JsonNode api() {
    return api;
  }

  /**
   * Asserts that the description covers this response.
   *
   * @param path the request's path, without the query
   * @param headers values by case-insensitive name
   */
  public void check(
      String method, String path, int status, Map<String, List<String>> headers, byte[] body) {
    var label = method + " " + path + ": " + status;
    var fields = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    fields.putAll(headers);
    var item = pathItem(path);
    var operation = item.map(node -> operation(node, method));
    if (operation.isEmpty() || operation.get().isMissingNode()) {
      checkUndescribed(label, method, item.isPresent(), status, fields);
      return;
    }
    var response = resolve(operation.get().path("responses").path(Integer.toString(status)));
    assertFalse(response.isMissingNode(), label + " is not described");
    checkHeaders(label, response, fields);
    checkContent(label, response, method, fields, body);
  }

  private static JsonNode operation(JsonNode item, String method) {
    return item.path(method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT));
  }

  /** Checks the rules that the description states in prose for paths and methods it omits. */
  private static void checkUndescribed(
      String label, String method, boolean known, int status, Map<String, List<String>> fields) {
    if (status == 400 || status == 401 || status == 503) {
      return;
    }
    if (!known) {
      assertEquals(404, status, label);
      return;
    }
    assertEquals(method.equals("OPTIONS") ? 204 : 405, status, label);
    assertTrue(fields.containsKey("Allow"), label + " without Allow");
  }

  private void checkHeaders(String label, JsonNode response, Map<String, List<String>> fields) {
    for (var described : response.path("headers").properties()) {
      var name = described.getKey();
      var header = resolve(described.getValue());
      var values = fields.getOrDefault(name, List.of());
      assertTrue(values.size() <= 1, label + ": several " + name);
      assertTrue(
          !values.isEmpty() || !header.path("required").booleanValue(), label + ": no " + name);
      for (var value : values) {
        validate(label + ", " + name, header.path("schema"), JSON.getNodeFactory().textNode(value));
      }
    }
  }

  private void checkContent(
      String label,
      JsonNode response,
      String method,
      Map<String, List<String>> fields,
      byte[] body) {
    var content = response.path("content");
    if (content.isMissingNode()) {
      assertEquals(0, body.length, label + ": unexpected body");
      return;
    }
    var type = fields.getOrDefault("Content-Type", List.of("none")).getFirst();
    assertTrue(content.has(type), label + ": content type " + type);
    if (!method.equals("HEAD")) {
      var text = new String(body, StandardCharsets.UTF_8);
      var value = type.endsWith("json") ? parse(label, body) : JSON.getNodeFactory().textNode(text);
      validate(label, content.path(type).path("schema"), value);
    }
  }

  void validate(String label, JsonNode schema, JsonNode value) {
    var errors = schemas.computeIfAbsent(schema, this::schema).validate(value);
    if (!errors.isEmpty()) {
      fail(label + ": " + errors + "\n" + value);
    }
  }

  /** Returns whether a schema of the description permits a value. */
  boolean permits(JsonNode schema, JsonNode value) {
    return schemas.computeIfAbsent(schema, this::schema).validate(value).isEmpty();
  }

  /** Returns the operation; missing if the description omits it. */
  JsonNode operation(String method, String path) {
    return pathItem(path).map(item -> operation(item, method)).orElse(MissingNode.getInstance());
  }

  /** Returns the parameters of an operation and of its path. */
  Stream<JsonNode> parameters(String method, String path) {
    var item = pathItem(path).orElse(MissingNode.getInstance());
    return Stream.of(item, operation(item, method))
        .flatMap(part -> part.path("parameters").valueStream())
        .map(this::resolve);
  }

  /** Returns the checks of requests. */
  public OpenApiRequests requests() {
    return new OpenApiRequests(this);
  }

  /** Returns a schema that resolves references to the description's components. */
  private Schema schema(JsonNode part) {
    ObjectNode root = JSON.createObjectNode();
    root.set("components", api.path("components"));
    root.putArray("allOf").add(part);
    return registry.getSchema(root);
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
        .filter(entry -> path.matches(entry.getKey().replaceAll("\\{[^}]*}", "[^/]+")))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  static JsonNode parse(String label, byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      return fail(label + ": not JSON", e);
    }
  }
}
