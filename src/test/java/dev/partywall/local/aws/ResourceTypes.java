package dev.partywall.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Validates resources against CloudFormation's resource types. Unknown properties, missing required
 * properties and values of the wrong type are faults.
 */
final class ResourceTypes {
  private static final JsonNode TYPES = load();

  private ResourceTypes() {}

  /** Returns the faults of a resource with these properties. */
  static List<String> faults(String type, JsonNode properties) {
    return object(type, TYPES.required("resources").required(type), properties).toList();
  }

  private static Stream<String> object(String path, JsonNode type, JsonNode value) {
    var missing =
        type.properties().stream()
            .filter(property ->
                property.getValue().path("required").asBoolean() && !value.has(property.getKey()))
            .map(property -> path + " lacks " + property.getKey());
    return Stream.concat(
        missing, value.properties().stream().flatMap(property -> property(path, type, property)));
  }

  private static Stream<String> property(
      String path, JsonNode type, Entry<String, JsonNode> property) {
    var at = path + "." + property.getKey();
    return type.has(property.getKey())
        ? value(at, type.get(property.getKey()), property.getValue())
        : Stream.of(at + " is not a property");
  }

  private static Stream<String> value(String path, JsonNode type, JsonNode value) {
    if (type.has("any")) {
      var matches =
          items(type.get("any")).anyMatch(option -> value(path, option, value).findAny().isEmpty());
      return faultUnless(matches, path, type);
    }
    if (type.has("list")) {
      return value.isArray()
          ? items(value).flatMap(item -> value(path + "[]", type.get("list"), item))
          : faultUnless(false, path, type);
    }
    return typed(path, type.required("type").asText(), value);
  }

  private static Stream<String> typed(String path, String type, JsonNode value) {
    return switch (type) {
      case "string" -> faultUnless(value.isTextual(), path, type);
      case "boolean" -> faultUnless(value.isBoolean(), path, type);
      case "integer" -> faultUnless(value.isIntegralNumber(), path, type);
      case "json" -> faultUnless(value.isObject(), path, type);
      default -> object(path, TYPES.required("types").required(type), value);
    };
  }

  private static Stream<String> faultUnless(boolean valid, String path, Object type) {
    return valid ? Stream.empty() : Stream.of(path + " is not of type " + type);
  }

  private static Stream<JsonNode> items(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static JsonNode load() {
    try (var in = ResourceTypes.class.getResourceAsStream("resource-types.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
