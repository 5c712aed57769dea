package dev.partywall.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An operation of a service, from its description in OpenAPI.
 *
 * @param template the path, with the names of its parameters in braces
 * @param queries the names of its query parameters
 */
record ApiOperation(String method, String template, Set<String> queries) {
  private static final Set<String> METHODS =
      Set.of("get", "head", "put", "post", "delete", "patch", "options", "trace");
  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

  /**
   * Returns the operations that a document describes, without those for operators, which no token
   * of a tenant reaches. HEAD belongs to each GET.
   */
  static List<ApiOperation> all(JsonNode document) {
    var operations = new ArrayList<ApiOperation>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue().properties().stream()
                .filter(member -> METHODS.contains(member.getKey()))
                .filter(member -> !isForOperators(member.getValue()))
                .forEach(member ->
                    operations.add(
                        new ApiOperation(
                            member.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            queries(document, path.getValue(), member.getValue())))));
    return List.copyOf(operations);
  }

  private static boolean isForOperators(JsonNode operation) {
    return operation.path("security").findValues("bearer").stream()
        .flatMap(JsonNode::valueStream)
        .anyMatch(scope -> scope.asText().startsWith("tenants:"));
  }

  private static Set<String> queries(JsonNode document, JsonNode path, JsonNode operation) {
    var names = new TreeSet<String>();
    for (var parameters : List.of(path.path("parameters"), operation.path("parameters"))) {
      for (var parameter : parameters) {
        var reference = parameter.path("$ref").asText("#").substring(1);
        var resolved = reference.isEmpty() ? parameter : document.at(reference);
        if (resolved.path("in").asText().equals("query")) {
          names.add(resolved.path("name").asText());
        }
      }
    }
    return names;
  }

  boolean isRead() {
    return method.equals("GET") || method.equals("HEAD");
  }

  ApiOperation withMethod(String other) {
    return new ApiOperation(other, template, queries);
  }

  /** Returns the number of parameters in the path. */
  int parameters() {
    return (int) PARAMETER.matcher(template).results().count();
  }

  /** Returns whether a request is one of this operation. */
  boolean matches(TestRequest request) {
    return request.method().equals(method) && values(request.path()).isPresent();
  }

  /** Returns the values of the parameters in a path of this operation; empty for other paths. */
  Optional<List<String>> values(String path) {
    var literals = PARAMETER.split(template, -1);
    var form = new StringBuilder();
    for (var i = 0; i < literals.length; i++) {
      form.append(i == 0 ? "" : "([^/]+)").append(Pattern.quote(literals[i]));
    }
    var matcher = Pattern.compile(form.toString()).matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var values = new ArrayList<String>();
    for (var group = 1; group <= matcher.groupCount(); group++) {
      values.add(URLDecoder.decode(matcher.group(group), StandardCharsets.UTF_8));
    }
    return Optional.of(List.copyOf(values));
  }

  /** Returns the path with these values of the parameters. */
  String path(List<String> values) {
    var remaining = values.iterator();
    return PARAMETER
        .matcher(template)
        .replaceAll(
            _ -> URLEncoder.encode(remaining.next(), StandardCharsets.UTF_8).replace("+", "%20"));
  }

  @Override
  public String toString() {
    return method + " " + template;
  }
}
