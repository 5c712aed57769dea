package dev.partywall.runtime.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.error.Faults;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.json.Json;
import dev.partywall.service.Offering;
import dev.partywall.storage.Meters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The description of a service's API in OpenAPI 3.1. It consists of the parts that the capabilities
 * declare ({@link Offering} specifies them) and of the kernel's parts: two for the operators'
 * routes, if the service has them, and one for its other routes.
 *
 * <p>The document contains only the components that an operation uses, because the kernel declares
 * more than most capabilities need.
 */
public final class OpenApiDocument {
  private static final String PATH = "/openapi.json";
  private static final String PATHS = "paths";
  private static final String COMPONENTS = "components";

  /** Operations refer to these components by name, without a reference. */
  private static final String SECURITY_SCHEMES = "securitySchemes";

  private static final Pattern TRANSFERS = Pattern.compile("/tenants/\\{id}/(export|import)");

  private static final Pattern REFERENCE = Pattern.compile("#/(components/[^/]+/[^/]+)(/.*)?");

  private final OpenApiPart kernel;
  private final List<OpenApiPart> capabilities;
  private final List<OpenApiPart> parts;
  private final ObjectNode document = JsonNodeFactory.instance.objectNode();
  private final Map<String, String> owners = new HashMap<>();
  private final Set<String> usedComponents = new HashSet<>();
  private final List<Route> routes = new ArrayList<>();
  private final Faults faults = new Faults();

  /** The title and the version for a service whose capabilities state no others. */
  public record ServiceInfo(String name, String version) {}

  /** The parts of the description are invalid, or contradict the routes or each other. */
  public static final class InvalidDescriptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidDescriptionException(Faults faults) {
      super("The API description is invalid:\n" + String.join("\n", faults.lines()));
    }
  }

  private OpenApiDocument(List<Offering> offerings, List<Route> kernelRoutes) {
    // The part reads only the path and the access of a route.
    var routes = Stream.concat(kernelRoutes.stream(), Stream.of(route(new byte[0]))).toList();
    kernel = kernelPart("kernel", "openapi.json", routes, route -> !isForOperators(route));
    capabilities = offerings.stream().map(offering -> OpenApiPart.of(offering, faults)).toList();
    var ofOperators =
        Stream.of(
                kernelPart(
                    "operators",
                    "operators.json",
                    routes,
                    route -> isForOperators(route) && !isTransfer(route)),
                kernelPart("transfers", "transfers.json", routes, OpenApiDocument::isTransfer))
            .filter(part -> !part.routes().isEmpty());
    parts =
        Stream.of(capabilities.stream(), Stream.of(kernel), ofOperators)
            .flatMap(Function.identity())
            .toList();
  }

  private OpenApiPart kernelPart(
      String name, String resource, List<Route> routes, Predicate<Route> selected) {
    var part = Offering.of(name, routes.stream().filter(selected).toList());
    return OpenApiPart.ofKernel(part.describedBy(getClass(), resource));
  }

  /** Returns whether a route transfers the content of a tenant. */
  private static boolean isTransfer(Route route) {
    return TRANSFERS.matcher(route.template()).lookingAt();
  }

  private static boolean isForOperators(Route route) {
    return route.access().requiredToken() == Route.RequiredToken.OPERATOR;
  }

  /**
   * Returns the routes of the offerings and of the kernel, and last the open route {@code GET
   * /openapi.json}. A described route has the query parameters that its description declares.
   *
   * @param kernelRoutes the other routes of the kernel
   * @throws InvalidDescriptionException with all faults
   */
  public static List<Route> routes(
      ServiceInfo service, List<Offering> offerings, Meters meters, List<Route> kernelRoutes) {
    var assembly = new OpenApiDocument(offerings, kernelRoutes);
    assembly.rejectFaults();
    assembly.assemble(service, meters);
    assembly.rejectFaults();
    var description = route(Json.write(assembly.document));
    return Stream.concat(
            assembly.routes.stream().filter(route -> !isDescription(route)), Stream.of(description))
        .toList();
  }

  private static boolean isDescription(Route route) {
    return route.template().equals(PATH) && route.method().equals("GET");
  }

  private static Route route(byte[] document) {
    return Route.open("GET", PATH, _ -> Response.json(200, document));
  }

  private void rejectFaults() {
    if (!faults.isEmpty()) {
      throw new InvalidDescriptionException(faults);
    }
  }

  private void assemble(ServiceInfo service, Meters meters) {
    addMeters(meters);
    document.setAll(kernel.description());
    document.set("info", info(service));
    document.putObject(PATHS);
    document.putObject(COMPONENTS);
    parts.forEach(part -> merge(part, COMPONENTS));
    parts.forEach(part -> routes.addAll(part.completePaths(document, faults)));
    parts.forEach(part -> merge(part, PATHS));
    parts.forEach(part -> findReferences(part.owner(), part.description().path(PATHS)));
    removeUnusedComponents();
  }

  /** Adds the declared meters to the schemas of {@code GET /usage}. */
  private void addMeters(Meters meters) {
    var schemas = kernel.description().withObject("/components/schemas");
    var amounts = schemas.withObject("/Meters/properties");
    var required = schemas.withArray("/Meters/required");
    for (var meter : meters.all()) {
      amounts.putObject(meter.name()).put("type", "integer").put("minimum", 0);
      required.add(meter.name());
    }
  }

  /** Returns the information of the first capability that declares some, with defaults. */
  private ObjectNode info(ServiceInfo service) {
    var info = JsonNodeFactory.instance.objectNode();
    info.put("title", service.name()).put("version", service.version());
    info.setAll(kernel.info().orElseThrow());
    capabilities.stream().flatMap(part -> part.info().stream()).findFirst().ifPresent(info::setAll);
    return info;
  }

  /** Merges a section with two levels of names: path and method, or kind and component. */
  private void merge(OpenApiPart part, String section) {
    for (var group : part.description().path(section).properties()) {
      var merged = document.withObjectProperty(section).withObjectProperty(group.getKey());
      for (var member : group.getValue().properties()) {
        var name = String.join("/", section, group.getKey(), member.getKey());
        var owner = owners.putIfAbsent(name, part.owner());
        var existing = merged.putIfAbsent(member.getKey(), member.getValue());
        if (existing != null && !existing.equals(member.getValue())) {
          faults.add(
              "",
              "The declarations of %s and %s differ: %s %s"
                  .formatted(owner, part.owner(), group.getKey(), member.getKey()));
        }
      }
    }
  }

  /** Finds the components that a part of the document uses, directly or through others. */
  private void findReferences(String owner, JsonNode node) {
    for (var value : node.findValues("$ref")) {
      var reference = REFERENCE.matcher(value.asText());
      if (target(document, value.asText()).isMissingNode() || !reference.matches()) {
        faults.add(owner, "the reference " + value.asText() + " has no target");
      } else if (usedComponents.add(reference.group(1))) {
        var component = reference.group(1);
        findReferences(owners.getOrDefault(component, owner), document.at("/" + component));
      }
    }
  }

  /** Returns the target of a reference; missing unless it is in the document's components. */
  static JsonNode target(JsonNode document, String reference) {
    return REFERENCE.matcher(reference).matches()
        ? document.at(reference.substring(1))
        : MissingNode.getInstance();
  }

  private void removeUnusedComponents() {
    var components = document.withObjectProperty(COMPONENTS);
    for (var kind : components.properties()) {
      if (!kind.getKey().equals(SECURITY_SCHEMES)) {
        var unused = unused(COMPONENTS + "/" + kind.getKey() + "/", kind.getValue());
        components.withObjectProperty(kind.getKey()).remove(unused);
      }
    }
    components.removeIf(JsonNode::isEmpty);
  }

  private List<String> unused(String prefix, JsonNode kind) {
    return kind.propertyStream()
        .map(Map.Entry::getKey)
        .filter(name -> !usedComponents.contains(prefix + name))
        .toList();
  }
}
