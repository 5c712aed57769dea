package dev.partywall.service;

import dev.openfeature.sdk.FeatureProvider;
import dev.partywall.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parts of a service that a capability provides.
 *
 * <p><b>The API description.</b> {@code GET /openapi.json} returns one OpenAPI 3.1 document for all
 * capabilities of the service and for the kernel. A capability describes its own routes, in a JSON
 * object with these members:
 *
 * <ul>
 *   <li>{@code paths} describes each route of the capability, and no other.
 *   <li>{@code components} contains the components that only this capability declares. References
 *       to components of the kernel need no declaration: the headers {@code ETag} and {@code
 *       Cache-Control}, the parameters {@code IfMatch}, {@code IfMatchOptional}, {@code
 *       IfNoneMatch} and {@code IdempotencyKey}, the schemas {@code Problem} and {@code Currency},
 *       and the responses {@code NotFound}, {@code PreconditionFailed}, {@code Invalid}, {@code
 *       InvalidOrReused} and {@code PreconditionRequired}.
 *   <li>{@code info} is optional. The default title is the name of the service, and the default
 *       version is the version of the jar. The first capability with {@code info} applies.
 * </ul>
 *
 * <p>The kernel adds to each operation, unless the operation states it:
 *
 * <ul>
 *   <li>{@code security}, with the scope of the route
 *   <li>the parameters in the template of the path, as strings
 *   <li>the query parameters of the route, as strings, if the capability has no description
 *   <li>the responses that the kernel itself returns: 400 and 503; 401, 403 and 429 if the route
 *       requires a token; 413 and 415 if the operation has a {@code requestBody}
 *   <li>the fields {@code RateLimit-Policy} and {@code RateLimit} of the responses to a tenant
 *   <li>if the operation has no {@code responses}: a successful response and a rejection, of any
 *       content
 * </ul>
 *
 * <p>The description declares the query parameters of its operations. A request with another one,
 * or with one of them twice, gets 400. A capability without a description declares them by {@link
 * Route#withQuery}.
 *
 * <p>The start fails, and lists all faults, if an operation has no route or a route has no
 * operation, if {@code security} differs from the access of the route, if a reference has no
 * target, or if two capabilities declare the same path and method or the same component
 * differently.
 *
 * @param name the name of the capability. The name of the first capability is the default name of
 *     the service, and thereby of its table
 * @param openApi the description of the routes. Without it, the document contains only the
 *     information that the kernel derives from the routes
 * @param featureProvider evaluates the features of all capabilities, in place of the built-in
 *     provider
 */
public record Offering(
    String name,
    List<Route> routes,
    Optional<String> openApi,
    Optional<FeatureProvider> featureProvider) {
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

  /** Creates an offering without a feature provider. */
  public Offering(String name, List<Route> routes, Optional<String> openApi) {
    this(name, routes, openApi, Optional.empty());
  }

  /** Returns an offering whose routes have no description. */
  public static Offering of(String name, List<Route> routes) {
    return new Offering(name, routes, Optional.empty());
  }

  /**
   * Returns the same offering, with an OpenFeature provider that evaluates the features of all
   * capabilities. The evaluation context has the id of the bound tenant as its targeting key, and
   * its tier as the attribute {@code tier}. The provider decides alone: it receives neither the
   * tiers file nor the overrides of the tenant.
   *
   * <p>The start waits for the initialization of the provider, and fails if the initialization
   * fails. A feature is off whenever the provider throws an exception or returns an error.
   */
  public Offering withFeatureProvider(FeatureProvider provider) {
    return new Offering(name, routes, openApi, Optional.of(provider));
  }

  /**
   * Returns the same offering, with the description in a resource.
   *
   * @param type a class in the package of the resource
   * @param resource the name of the file
   * @throws IllegalArgumentException if the resource is missing
   */
  public Offering describedBy(Class<?> type, String resource) {
    try (var in = type.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "The resource " + resource + " is missing beside " + type.getName());
      }
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Offering(name, routes, Optional.of(text), featureProvider);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether the text is a valid name of a capability or a service. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches() && !RESERVED.contains(text);
  }
}
