package dev.partywall.http.server;

import dev.partywall.http.MalformedRequest;
import dev.partywall.http.RequestTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the target of a request. Accepts only the origin form, without dot segments, empty
 * segments or encoded separators. A proxy may rewrite a path with one of these, and then route a
 * different path than this service.
 */
public final class RequestTargetParser {
  private RequestTargetParser() {}

  /**
   * Parses a target.
   *
   * @throws MalformedRequest if the target is not acceptable
   */
  public static RequestTarget parse(String raw) throws MalformedRequest {
    if (!raw.startsWith("/") || raw.startsWith("//")) {
      throw new MalformedRequest("The request target is not in origin form.");
    }
    var question = raw.indexOf('?');
    var path = question < 0 ? raw : raw.substring(0, question);
    return new RequestTarget(
        path, segments(path), question < 0 ? Map.of() : query(raw, question + 1));
  }

  private static List<String> segments(String path) throws MalformedRequest {
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

  private static String segment(String path, int from, int to, boolean last)
      throws MalformedRequest {
    var segment = PercentDecoder.decode(path, from, to, PercentDecoder.UriComponent.PATH);
    if (segment.equals(".") || segment.equals("..")) {
      throw new MalformedRequest("The path contains a dot segment.");
    }
    if (segment.isEmpty() && !last) {
      throw new MalformedRequest("The path contains an empty segment.");
    }
    return segment;
  }

  private static Map<String, List<String>> query(String raw, int start) throws MalformedRequest {
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
      throws MalformedRequest {
    var equals = raw.indexOf('=', from);
    var end = equals < 0 || equals > to ? to : equals;
    var name = PercentDecoder.decode(raw, from, end, PercentDecoder.UriComponent.QUERY);
    var value =
        end == to ? "" : PercentDecoder.decode(raw, end + 1, to, PercentDecoder.UriComponent.QUERY);
    query.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
  }
}
