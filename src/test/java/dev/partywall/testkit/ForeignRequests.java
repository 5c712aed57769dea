package dev.partywall.testkit;

import dev.partywall.testkit.TestClient.Exchange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The requests by which a tenant could reach the data of another one: the other tenant's own
 * requests, and each operation with that tenant's ids, cursors and bodies.
 *
 * @param exchanges the other tenant's requests with their responses
 * @param values the values in them
 */
record ForeignRequests(List<Exchange> exchanges, TenantValues values) {
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS");

  /** A request without the values of the parameters in its path. */
  record Shape(
      ApiOperation operation, String query, Map<String, String> headers, Optional<String> body) {
    TestRequest request(List<String> values) {
      var target = operation.path(values) + (query.isEmpty() ? "" : "?" + query);
      return new TestRequest(operation.method(), target, headers, body);
    }
  }

  /** Returns the different shapes of an operation. */
  Collection<Shape> shapes(ApiOperation operation) {
    var shapes = new LinkedHashSet<Shape>();
    for (var body : bodies(operation)) {
      var headers = contentType(operation, body);
      shapes.add(new Shape(operation, "", headers, body));
      if (!operation.isRead()) {
        var anyVersion = new TestRequest("", "", headers, body).with("If-Match", "*").headers();
        shapes.add(new Shape(operation, "", anyVersion, body));
      }
    }
    cursorQueries(operation)
        .forEach(query -> shapes.add(new Shape(operation, query, Map.of(), Optional.empty())));
    requests(operation)
        .map(request -> new Shape(operation, request.query(), request.headers(), request.body()))
        .forEach(shapes::add);
    return shapes;
  }

  /** Returns the other tenant's requests of an operation. */
  private Stream<TestRequest> requests(ApiOperation operation) {
    var recorded = operation.isRead() ? operation.withMethod("GET") : operation;
    return exchanges.stream().map(Exchange::request).filter(recorded::matches);
  }

  /** Returns the tenant's bodies for the operation; without any, its bodies for all operations. */
  private Set<Optional<String>> bodies(ApiOperation operation) {
    if (WITHOUT_BODY.contains(operation.method())) {
      return Set.of(Optional.empty());
    }
    var bodies = new LinkedHashSet<Optional<String>>();
    requests(operation).map(TestRequest::body).filter(Optional::isPresent).forEach(bodies::add);
    if (bodies.isEmpty()) {
      exchanges.stream()
          .map(exchange -> exchange.request().body())
          .filter(Optional::isPresent)
          .forEach(bodies::add);
      bodies.add(Optional.of("{}"));
    }
    return bodies;
  }

  private static Map<String, String> contentType(ApiOperation operation, Optional<String> body) {
    var type = operation.method().equals("PATCH") ? "merge-patch+json" : "json";
    return body.isEmpty() ? Map.of() : Map.of("Content-Type", "application/" + type);
  }

  private List<String> cursorQueries(ApiOperation operation) {
    var used = requests(operation).flatMap(request -> TestRequest.parameters(request.query()));
    return Stream.concat(operation.queries().stream(), used.map(Map.Entry::getKey))
        .distinct()
        .filter(TenantValues::isCursorName)
        .flatMap(name ->
            values.cursors().stream()
                .map(cursor -> name + "=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8)))
        .toList();
  }

  /** Returns all requests of an operation. */
  Stream<TestRequest> all(ApiOperation operation) {
    return shapes(operation).stream()
        .flatMap(shape -> paths(operation).stream().map(shape::request));
  }

  /** Returns each combination of the tenant's ids in the path of an operation. */
  List<List<String>> paths(ApiOperation operation) {
    List<List<String>> paths = List.of(List.of());
    for (var parameter = 0; parameter < operation.parameters(); parameter++) {
      paths =
          paths.stream()
              .flatMap(path ->
                  values.ids().stream()
                      .map(id -> Stream.concat(path.stream(), Stream.of(id)).toList()))
              .toList();
    }
    return paths;
  }
}
