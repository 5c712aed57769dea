package dev.partywall.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of {@code GET /token?tenant=acme&user=alice&scope=orders:read%20orders:write}.
 *
 * @param tenant empty in an operator's token
 * @param seconds lifetime of the token; a negative value creates an expired token
 */
record TokenRequest(
    Optional<String> tenant,
    String user,
    Optional<String> scope,
    Optional<String> tier,
    long seconds) {
  private static final Set<String> KNOWN = Set.of("tenant", "user", "scope", "tier", "seconds");
  private static final String TENANT = "[a-z0-9][a-z0-9-]{0,62}";
  private static final long TEN_YEARS = 10 * 365 * 86_400L;

  /**
   * Parses a query string.
   *
   * @param ofTenant whether the tenant is required. In an operator's token it is a fault that a
   *     service must reject
   * @throws IllegalArgumentException with a message for the client, if the query is invalid
   */
  static TokenRequest parse(String query, boolean ofTenant) {
    var given = parameters(query);
    if (ofTenant) {
      require(
          required(given, "tenant").matches(TENANT), "Parameter tenant must match " + TENANT + ".");
    }
    return new TokenRequest(
        Optional.ofNullable(given.get("tenant")),
        required(given, "user"),
        Optional.ofNullable(given.get("scope")),
        Optional.ofNullable(given.get("tier")),
        seconds(given.getOrDefault("seconds", "3600")));
  }

  private static Map<String, String> parameters(String query) {
    var given = new LinkedHashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      var equals = pair.indexOf('=');
      require(
          equals > 0,
          "Parameters have the form name=value, joined by &: tenant, user, scope, tier, seconds.");
      var name = decoded(pair.substring(0, equals));
      require(
          KNOWN.contains(name),
          "Unknown parameter; supported: tenant, user, scope, tier, seconds.");
      var previous = given.put(name, decoded(pair.substring(equals + 1)));
      require(previous == null, "Duplicate parameter: " + name + ".");
    }
    return given;
  }

  private static String required(Map<String, String> given, String name) {
    var value = given.getOrDefault(name, "");
    require(!value.isEmpty(), "Parameter " + name + " is missing.");
    return value;
  }

  private static long seconds(String value) {
    require(value.matches("-?\\d{1,9}"), "Parameter seconds must be an integer.");
    var seconds = Long.parseLong(value);
    require(Math.abs(seconds) <= TEN_YEARS, "Parameter seconds must not exceed ten years.");
    return seconds;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
