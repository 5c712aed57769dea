package dev.partywall.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code GET /token?tenant=acme&user=alice&scope=orders:read%20orders:write} asks for.
 *
 * @param seconds how long the token shall live; less than nothing makes one that has expired
 */
record TokenRequest(
    String tenant, String user, Optional<String> scope, Optional<String> tier, long seconds) {
  private static final Set<String> KNOWN = Set.of("tenant", "user", "scope", "tier", "seconds");
  private static final long TEN_YEARS = 10 * 365 * 86_400L;

  /**
   * Reads a query.
   *
   * @throws IllegalArgumentException with a line that says what is wrong with it
   */
  static TokenRequest parse(String query) {
    var given = parameters(query);
    var tenant = required(given, "tenant");
    require(
        tenant.matches("[a-z0-9][a-z0-9-]{0,62}"),
        "tenant is [a-z0-9], then up to 62 of [a-z0-9-]");
    return new TokenRequest(
        tenant,
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
          equals > 0, "parameters are name=value, joined by &: tenant, user, scope, tier, seconds");
      var name = decoded(pair.substring(0, equals));
      require(
          KNOWN.contains(name), "no such parameter; there are tenant, user, scope, tier, seconds");
      var before = given.put(name, decoded(pair.substring(equals + 1)));
      require(before == null, name + " is given twice");
    }
    return given;
  }

  private static String required(Map<String, String> given, String name) {
    var value = given.getOrDefault(name, "");
    require(!value.isEmpty(), name + " is missing");
    return value;
  }

  private static long seconds(String value) {
    require(value.matches("-?\\d{1,9}"), "seconds is a whole number");
    var seconds = Long.parseLong(value);
    require(Math.abs(seconds) <= TEN_YEARS, "seconds is at most ten years");
    return seconds;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
