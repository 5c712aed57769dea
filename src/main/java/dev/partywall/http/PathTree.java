package dev.partywall.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All paths that there are, part by part. It grows while it is built and never afterwards. */
final class PathTree {
  private final Map<String, PathTree> named = new HashMap<>();
  private @Nullable PathTree any;
  private @Nullable Crossing here;

  /** Where these parts lead; made if it is not there yet. */
  Crossing grow(List<String> parts, String template) {
    if (parts.isEmpty()) {
      here = here == null ? new Crossing(template) : here;
      return here;
    }
    return branch(parts.getFirst()).grow(parts.subList(1, parts.size()), template);
  }

  private PathTree branch(String part) {
    if (!Route.isParameter(part)) {
      return named.computeIfAbsent(part, _ -> new PathTree());
    }
    any = any == null ? new PathTree() : any;
    return any;
  }

  /** Where the segments of a request lead, if anywhere. */
  @Nullable Crossing find(List<String> segments) {
    return find(segments, 0);
  }

  private @Nullable Crossing find(List<String> segments, int at) {
    if (at == segments.size()) {
      return here;
    }
    var segment = segments.get(at);
    var literal = named.get(segment);
    var found = literal == null ? null : literal.find(segments, at + 1);
    return found != null || any == null || segment.isEmpty() ? found : any.find(segments, at + 1);
  }
}
