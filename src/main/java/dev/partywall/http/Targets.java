package dev.partywall.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the target of a request. Accepts only the origin form, without dot segments, empty
 * segments or encoded separators. A proxy may rewrite a path with one of these, and then route a
 * different path than this service.
 */
final class Targets {
  private Targets() {}

  /**
   * Parses a target.
   *
   * @throws WireFault if the target is not acceptable
   */
  static Target parse(String raw) throws WireFault {
    if (!raw.startsWith("/") || raw.startsWith("//")) {
      throw new WireFault("The request target is not in origin form.");
    }
    var question = raw.indexOf('?');
    var path = question < 0 ? raw : raw.substring(0, question);
    return new Target(path, segments(path), question < 0 ? Map.of() : query(raw, question + 1));
  }

  private static List<String> segments(String path) throws WireFault {
    if (path.length() == 1) {
      return List.of();
    }
    var segments = new ArrayList<String>(4);
    for (var from = 1; from <= path.length(); ) {
      var slash = path.indexOf('/', from);
      var to = slash < 0 ? path.length() : slash;
      segments.add(segment(path, from, to, slash < 0));
      from = to + 1;
    }
    return List.copyOf(segments);
  }

  private static String segment(String path, int from, int to, boolean last) throws WireFault {
    var segment = Percent.decode(path, from, to, Percent.Place.PATH);
    if (segment.equals(".") || segment.equals("..")) {
      throw new WireFault("The path contains a dot segment.");
    }
    if (segment.isEmpty() && !last) {
      throw new WireFault("The path contains an empty segment.");
    }
    return segment;
  }

  private static Map<String, List<String>> query(String raw, int start) throws WireFault {
    var query = new LinkedHashMap<String, List<String>>();
    for (var from = start; from <= raw.length(); ) {
      var ampersand = raw.indexOf('&', from);
      var to = ampersand < 0 ? raw.length() : ampersand;
      if (to > from) {
        parameter(raw, from, to, query);
      }
      from = to + 1;
    }
    return query;
  }

  private static void parameter(String raw, int from, int to, Map<String, List<String>> query)
      throws WireFault {
    var equals = raw.indexOf('=', from);
    var end = equals < 0 || equals > to ? to : equals;
    var name = Percent.decode(raw, from, end, Percent.Place.QUERY);
    var value = end == to ? "" : Percent.decode(raw, end + 1, to, Percent.Place.QUERY);
    query.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
  }
}
