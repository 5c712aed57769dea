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
 * CloudFormation's own resource types, to hold a template against: unknown properties, missing ones
 * and values of another type are faults.
 */
final class ResourceTypes {
  private static final JsonNode KNOWN = known();

  private ResourceTypes() {}

  /** What is wrong with a resource of that type that has these properties. */
  static List<String> faults(String type, JsonNode properties) {
    return object(type, KNOWN.required("resources").required(type), properties).toList();
  }

  private static Stream<String> object(String path, JsonNode type, JsonNode value) {
    var lacking =
        type.properties().stream()
            .filter(it -> it.getValue().path("required").asBoolean() && !value.has(it.getKey()))
            .map(it -> path + " lacks " + it.getKey());
    return Stream.concat(
        lacking, value.properties().stream().flatMap(it -> property(path, type, it)));
  }

  private static Stream<String> property(
      String path, JsonNode type, Entry<String, JsonNode> property) {
    var at = path + "." + property.getKey();
    return type.has(property.getKey())
        ? value(at, type.get(property.getKey()), property.getValue())
        : Stream.of(at + " is no property");
  }

  private static Stream<String> value(String path, JsonNode type, JsonNode value) {
    if (type.has("any")) {
      var fits = items(type.get("any")).anyMatch(it -> value(path, it, value).findAny().isEmpty());
      return unless(fits, path, type);
    }
    if (type.has("list")) {
      return value.isArray()
          ? items(value).flatMap(it -> value(path + "[]", type.get("list"), it))
          : unless(false, path, type);
    }
    return named(path, type.required("type").asText(), value);
  }

  private static Stream<String> named(String path, String type, JsonNode value) {
    return switch (type) {
      case "string" -> unless(value.isTextual(), path, type);
      case "boolean" -> unless(value.isBoolean(), path, type);
      case "integer" -> unless(value.isIntegralNumber(), path, type);
      case "json" -> unless(value.isObject(), path, type);
      default -> object(path, KNOWN.required("types").required(type), value);
    };
  }

  private static Stream<String> unless(boolean holds, String path, Object type) {
    return holds ? Stream.empty() : Stream.of(path + " is no " + type);
  }

  private static Stream<JsonNode> items(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static JsonNode known() {
    try (var in = ResourceTypes.class.getResourceAsStream("resource-types.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
