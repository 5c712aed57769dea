package dev.partywall.http;

import java.util.List;
import java.util.Map;

/**
 * The target of a request, without its authority (RFC 9112, sections 3.2.1 and 3.2.2).
 *
 * @param path the raw path, without the query
 * @param segments the percent-decoded segments of the path
 * @param query the decoded parameters, each with all of its values
 */
public record RequestTarget(String path, List<String> segments, Map<String, List<String>> query) {
  /** The root path. */
  public static final RequestTarget ROOT = new RequestTarget("/", List.of(), Map.of());
}
