package dev.partywall.service;

import dev.partywall.http.Route;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parts of a service that a capability provides.
 *
 * @param name the name of the capability. The name of the first capability is the default name of
 *     the service, and thereby of its table
 * @param openApi the description of the routes: a JSON object with the members {@code paths} and
 *     {@code components} of OpenAPI 3.1, and optionally {@code info}
 */
public record Offering(String name, List<Route> routes, Optional<String> openApi) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** The names of the kernel's own tables. */
  private static final Set<String> RESERVED = Set.of("tenants", "usage");

  /** Copies the routes, and rejects an invalid name. */
  public Offering {
    if (!isName(name)) {
      throw new IllegalArgumentException("Invalid name of a capability: " + name);
    }
    routes = List.copyOf(routes);
  }

  /** Returns an offering whose routes have no description. */
  public static Offering of(String name, List<Route> routes) {
    return new Offering(name, routes, Optional.empty());
  }

  /** Returns whether the text is a valid name of a capability or a service. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches() && !RESERVED.contains(text);
  }
}
