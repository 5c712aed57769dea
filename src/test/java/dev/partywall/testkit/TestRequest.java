package dev.partywall.testkit;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A request to a service under test.
 *
 * @param target the path, optionally with a query
 * @param headers the header fields in addition to those of the client
 * @param body the body, which is sent as UTF-8
 */
public record TestRequest(
    String method, String target, Map<String, String> headers, Optional<String> body) {
  /** Copies the header fields, without regard to the case of their names. */
  public TestRequest {
    var sorted = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = Collections.unmodifiableSortedMap(sorted);
  }

  /** Returns a request without a body. */
  public static TestRequest of(String method, String target) {
    return new TestRequest(method, target, Map.of(), Optional.empty());
  }

  /** Returns this request with a JSON body. */
  public TestRequest withJson(String json) {
    var request = new TestRequest(method, target, headers, Optional.of(json));
    return request.with("Content-Type", "application/json");
  }

  /** Returns this request with a header field in place of any with this name. */
  public TestRequest with(String name, String value) {
    var changed = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    changed.putAll(headers);
    changed.put(name, value);
    return new TestRequest(method, target, changed, body);
  }

  /** Returns the path without the query. */
  String path() {
    var query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Returns the query without its question mark; empty if there is none. */
  String query() {
    var query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  /** Returns the decoded parameters of a query, in order. */
  static Stream<Map.Entry<String, String>> parameters(String query) {
    return Stream.of(query.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .map(pair -> Map.entry(decoded(pair[0]), decoded(pair[1])));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  HttpRequest.Builder builder(URI service) {
    var publisher = body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody);
    var builder = HttpRequest.newBuilder(service.resolve(target)).method(method, publisher);
    headers.forEach(builder::setHeader);
    return builder;
  }

  @Override
  public String toString() {
    return method + " " + target;
  }
}
