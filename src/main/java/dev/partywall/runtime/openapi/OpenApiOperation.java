package dev.partywall.runtime.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.error.Faults;
import dev.partywall.http.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The description of one route. */
record OpenApiOperation(Route route, ObjectNode path, ObjectNode node) {
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
  private static final String BODY = "requestBody";
  private static final Map<String, String> RESPONSES =
      Map.of("400", "Malformed", "431", "TooManyFields", "503", "Unavailable");
  private static final Map<String, String> RESPONSES_TO_TOKENS =
      Map.of("401", "Unauthenticated", "403", "Forbidden", "429", "OverQuota");
  private static final Map<String, String> RESPONSES_TO_BODIES =
      Map.of("413", "TooLarge", "415", "UnsupportedMediaType");
  private static final List<String> QUOTA_FIELDS = List.of("RateLimit-Policy", "RateLimit");

  /** Permits any JSON body. Only the handler knows more. */
  void addBody() {
    if (WITH_BODY.contains(route.method())) {
      node.putObject(BODY).putObject("content").putObject("application/json");
    }
  }

  /** Adds the parameters of the path that the description omits. */
  void addParameters(ObjectNode document) {
    var names = PARAMETER.matcher(route.template()).results().map(match -> match.group(1));
    var described = describedParameters(document, "path");
    names
        .filter(name -> !described.contains(name))
        .forEach(name -> addParameter("path", name).put("required", true));
  }

  /** Adds the query parameters of the route. */
  void addQueryParameters() {
    route.queryParameters().stream().sorted().forEach(name -> addParameter("query", name));
  }

  private ObjectNode addParameter(String place, String name) {
    var parameter = node.withArrayProperty("parameters").addObject();
    parameter.put("name", name).put("in", place).putObject("schema").put("type", "string");
    return parameter;
  }

  /**
   * Returns the route with the query parameters in the description, and adds a fault for each that
   * only the route has.
   */
  Route routeWithQuery(ObjectNode document, String owner, Faults faults) {
    var described = describedParameters(document, "query");
    route.queryParameters().stream()
        .filter(name -> !described.contains(name))
        .sorted()
        .forEach(name ->
            faults.add(
                owner,
                "the query parameter %s of %s %s has no description"
                    .formatted(name, route.method(), route.template())));
    return route.withQuery(described.toArray(String[]::new));
  }

  private Set<String> describedParameters(ObjectNode document, String place) {
    return Stream.of(path, node)
        .flatMap(part -> part.path("parameters").valueStream())
        .map(parameter ->
            parameter.has("$ref")
                ? OpenApiDocument.target(document, parameter.get("$ref").asText())
                : parameter)
        .filter(parameter -> parameter.path("in").asText().equals(place))
        .map(parameter -> parameter.path("name").asText())
        .collect(Collectors.toSet());
  }

  /**
   * Adds the responses that the description omits, in the order of their status. Each response to a
   * tenant states its quotas.
   */
  void addResponses(ObjectNode document) {
    var responses = new TreeMap<String, JsonNode>();
    if (!node.has("responses")) {
      responses.put("2XX", success());
      responses.put("4XX", response("Rejected"));
    }
    common().forEach((status, name) -> responses.put(status, response(name)));
    node.path("responses").properties().forEach(own -> responses.put(own.getKey(), own.getValue()));
    node.putObject("responses").setAll(responses);
    if (route.access().requiredToken() == Route.RequiredToken.TENANT) {
      responses.remove("401"); // no tenant is known
      responses.values().forEach(response -> addQuotaFields(document, response));
    }
  }

  private static void addQuotaFields(ObjectNode document, JsonNode response) {
    var described =
        response.has("$ref")
            ? OpenApiDocument.target(document, response.get("$ref").asText())
            : response;
    if (described instanceof ObjectNode object && !object.has("$ref")) {
      var headers = object.withObjectProperty("headers");
      QUOTA_FIELDS.forEach(name -> headers.putIfAbsent(name, reference("headers", name)));
    }
  }

  private Map<String, String> common() {
    var common = new HashMap<>(RESPONSES);
    if (route.access().requiredToken() != Route.RequiredToken.NONE) {
      common.putAll(RESPONSES_TO_TOKENS);
    }
    if (node.has(BODY)) {
      common.putAll(RESPONSES_TO_BODIES);
    }
    return common;
  }

  private static ObjectNode success() {
    var success =
        JsonNodeFactory.instance.objectNode().put("description", "The request succeeded.");
    success.putObject("content").putObject("*/*");
    return success;
  }

  private static ObjectNode response(String name) {
    return reference("responses", name);
  }

  private static ObjectNode reference(String kind, String name) {
    return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/" + kind + "/" + name);
  }

  /** Adds the scope of the route, or checks the described one. */
  void addSecurity(String owner, Faults faults) {
    var required = security();
    var described = node.putIfAbsent("security", required);
    if (described != null && !described.equals(required)) {
      faults.add(
          owner,
          "the security of %s %s is %s, but its route requires %s"
              .formatted(route.method(), route.template(), described, required));
    }
  }

  private ArrayNode security() {
    var security = JsonNodeFactory.instance.arrayNode();
    switch (route.access()) {
      case Route.Access.Open() -> {}
      case Route.Access.Authenticated() -> security.addObject().putArray("bearer");
      case Route.Access.Scope(var scope) -> security.addObject().putArray("bearer").add(scope);
      case Route.Access.Operator(var scope) -> security.addObject().putArray("bearer").add(scope);
    }
    return security;
  }
}
