package dev.partywall.http;

import java.util.List;
import java.util.Map;

/**
 * What a request is aimed at, in origin form (RFC 9112, section 3.2.1).
 *
 * @param path as it was sent, without the query
 * @param segments of the path, percent-decoded
 * @param query parameters, decoded, each with all the values that were given
 */
public record Target(String path, List<String> segments, Map<String, List<String>> query) {
  /** The root. */
  public static final Target ROOT = new Target("/", List.of(), Map.of());
}
