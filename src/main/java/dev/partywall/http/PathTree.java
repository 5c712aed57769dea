package dev.partywall.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A prefix tree of all path templates. It is immutable after the router is built. */
final class PathTree {
  private final Map<String, PathTree> literals = new HashMap<>();
  private @Nullable PathTree parameter;
  private @Nullable PathRoutes routes;

  /** Returns the routes of the path with these parts, and creates them if absent. */
  PathRoutes routesAt(List<String> parts, String template) {
    if (parts.isEmpty()) {
      routes = routes == null ? new PathRoutes(template) : routes;
      return routes;
    }
    return child(parts.getFirst()).routesAt(parts.subList(1, parts.size()), template);
  }

  private PathTree child(String part) {
    if (!Route.isParameter(part)) {
      return literals.computeIfAbsent(part, _ -> new PathTree());
    }
    parameter = parameter == null ? new PathTree() : parameter;
    return parameter;
  }

  /** Returns the routes of the path that matches these segments, or null. */
  @Nullable PathRoutes find(List<String> segments) {
    return find(segments, 0);
  }

  private @Nullable PathRoutes find(List<String> segments, int index) {
    if (index == segments.size()) {
      return routes;
    }
    var segment = segments.get(index);
    var literal = literals.get(segment);
    var found = literal == null ? null : literal.find(segments, index + 1);
    return found != null || parameter == null || segment.isEmpty()
        ? found
        : parameter.find(segments, index + 1);
  }
}
