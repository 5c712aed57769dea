package dev.partywall.attack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A route that requires a token, from the API description of the running service.
 *
 * @param scope the required scope; empty if any token of the right kind suffices
 */
record DescribedRoute(String method, String template, String scope) {
  private static final String OPERATORS_SCOPE = "tenants:";

  /** Reads all routes that require a token. The description contains every route. */
  static List<DescribedRoute> readAll(AttackFixture fixture) {
    try (var client = new AttackHttpClient(fixture.port())) {
      var text = client.send(ApiRequest.get("/openapi.json")).text();
      var paths = Json.parse(text.getBytes(StandardCharsets.UTF_8)).required("paths");
      return paths
          .propertyStream()
          .flatMap(path ->
              path.getValue()
                  .propertyStream()
                  .filter(operation -> !operation.getValue().path("security").isEmpty())
                  .map(operation -> of(operation.getKey(), path.getKey(), operation.getValue())))
          .toList();
    }
  }

  private static DescribedRoute of(String method, String template, JsonNode operation) {
    var scope = operation.path("security").path(0).path("bearer").path(0).asText();
    return new DescribedRoute(method.toUpperCase(Locale.ROOT), template, scope);
  }

  boolean isForOperators() {
    return scope.startsWith(OPERATORS_SCOPE);
  }

  String label() {
    return method + " " + template;
  }

  DescribedRoute withMethod(String other) {
    return new DescribedRoute(other, template, scope);
  }

  /** Returns a request that would read or change the target, without a token. */
  ApiRequest request(AttackScene scene) {
    var request = ApiRequest.of(method, path(scene));
    return switch (method) {
      case "POST" -> request.withJson(newTenant(scene));
      case "PUT" -> request.withJson("{}");
      case "PATCH" -> withPatch(request, "{\"status\":\"suspended\"}");
      case "DELETE" -> request.withHeader("If-Match: *");
      default -> request;
    };
  }

  private static ApiRequest withPatch(ApiRequest request, String patch) {
    return new ApiRequest(
            request.method(), request.target(), request.host(), request.headerLines(), patch)
        .withHeader("Content-Type: application/merge-patch+json")
        .withHeader("If-Match: *");
  }

  private static String newTenant(AttackScene scene) {
    return "{\"id\":\"%s-0\",\"name\":\"New\",\"tier\":\"premium\"}"
        .formatted(scene.attacker().name());
  }

  private String path(AttackScene scene) {
    var parts = template.split("/", -1);
    var values = parts.clone();
    for (var i = 1; i < parts.length; i++) {
      values[i] = value(parts[i], parts[i - 1], scene);
    }
    return Arrays.stream(values).collect(Collectors.joining("/"));
  }

  private static String value(String part, String before, AttackScene scene) {
    return switch (part) {
      case "{tenant}" -> scene.target().name();
      case "{other}" -> scene.attacker().name();
      case "{collection}" -> "order";
      case "{id}" -> before.equals("tenants") ? scene.target().name() : scene.targetOrder();
      default -> part.startsWith("{") ? "1" : part;
    };
  }
}
