package dev.partywall.runtime.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.error.Faults;
import dev.partywall.http.Route;
import dev.partywall.json.Json;
import dev.partywall.json.JsonChecks;
import dev.partywall.json.MalformedJsonException;
import dev.partywall.service.Offering;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The part of the API description that one capability declares, or the kernel.
 *
 * @param owner the name of the capability
 * @param declared whether the capability declares a description of its routes
 */
record OpenApiPart(String owner, List<Route> routes, ObjectNode description, boolean declared) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> MEMBERS = Set.of("info", "paths", "components");

  /** The methods that OpenAPI 3.1 can describe. */
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  /**
   * Returns the part of a capability.
   *
   * @param faults receives the faults in the structure of the description
   */
  static OpenApiPart of(Offering offering, Faults faults) {
    var found = new Faults();
    var description = offering.openApi().map(text -> parse(text, found));
    faults.addAll(offering.name(), found);
    return new OpenApiPart(
        offering.name(),
        offering.routes(),
        description.orElseGet(JSON::objectNode),
        description.isPresent());
  }

  /** Returns a part of the kernel, whose description may have every member. */
  static OpenApiPart ofKernel(Offering kernel) {
    var description = Json.parseStored(kernel.openApi().orElseThrow());
    return new OpenApiPart(kernel.name(), kernel.routes(), (ObjectNode) description, true);
  }

  private static ObjectNode parse(String text, Faults faults) {
    var checks = new JsonChecks(faults);
    try {
      var root = Json.parse(text.getBytes(StandardCharsets.UTF_8));
      if (checks.object(root, "") && root instanceof ObjectNode description) {
        checks.known(root, "", MEMBERS);
        root.properties().forEach(section -> checkSection(section, checks));
        return description;
      }
    } catch (MalformedJsonException e) {
      faults.add("", e.sentence("The description"));
    }
    return JSON.objectNode();
  }

  /** Returns the title and the other information about the API, if the part states it. */
  Optional<ObjectNode> info() {
    return description.get("info") instanceof ObjectNode info
        ? Optional.of(info)
        : Optional.empty();
  }

  private static void checkSection(Map.Entry<String, JsonNode> section, JsonChecks checks) {
    var pointer = JsonChecks.pointer("", section.getKey());
    if (checks.object(section.getValue(), pointer) && !section.getKey().equals("info")) {
      for (var group : section.getValue().properties()) {
        checkGroup(group.getValue(), JsonChecks.pointer(pointer, group.getKey()), checks);
      }
    }
  }

  /** Checks the operations of a path, or the components of a kind. */
  private static void checkGroup(JsonNode group, String pointer, JsonChecks checks) {
    if (checks.object(group, pointer)) {
      METHODS.stream()
          .filter(group::has)
          .sorted()
          .forEach(name -> checks.object(group.get(name), JsonChecks.pointer(pointer, name)));
    }
  }

  /**
   * Adds the members that the kernel derives from the routes to {@link #description}.
   *
   * @param document contains the components of all parts
   * @param faults receives the differences between the description and the routes
   * @return the routes, with the query parameters that the description declares
   */
  List<Route> completePaths(ObjectNode document, Faults faults) {
    var paths = description.withObjectProperty("paths");
    var withoutRoute = operations(paths);
    var completed = new ArrayList<Route>();
    for (var route : routes) {
      var label = route.method() + " " + route.template();
      if (METHODS.contains(method(route)) && (withoutRoute.remove(label) || !declared)) {
        completed.add(complete(route, paths, document, faults));
      } else {
        completed.add(route);
        if (METHODS.contains(method(route))) {
          faults.add(owner, label + " has no description");
        }
      }
    }
    withoutRoute.forEach(label -> faults.add(owner, label + " has no route"));
    return completed;
  }

  private static Set<String> operations(ObjectNode paths) {
    return paths
        .propertyStream()
        .flatMap(path ->
            METHODS.stream()
                .filter(path.getValue()::has)
                .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String method(Route route) {
    return route.method().toLowerCase(Locale.ROOT);
  }

  private Route complete(Route route, ObjectNode paths, ObjectNode document, Faults faults) {
    var path = paths.withObjectProperty(route.template());
    var operation = new OpenApiOperation(route, path, path.withObjectProperty(method(route)));
    if (!declared) {
      operation.addBody();
      operation.addQueryParameters();
    }
    operation.addParameters(document);
    operation.addResponses(document);
    operation.addSecurity(owner, faults);
    return operation.routeWithQuery(document, owner, faults);
  }
}
