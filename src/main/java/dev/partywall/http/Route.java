package dev.partywall.http;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A route: a method, a path template, the required access, the handler and the query parameters.
 *
 * @param method in upper case; a GET route serves HEAD requests as well
 * @param template such as {@code /orders/{id}}; each part is a literal or a name in braces
 * @param queryParameters the names of the query parameters. A request with another one, or with one
 *     of them twice, is rejected before the handler is called
 * @param streamsBody whether the handler reads the body as a stream ({@link Body#stream}). Such a
 *     request has no time limit, except that its body must arrive at a minimum rate
 */
public record Route(
    String method,
    String template,
    Access access,
    Handler handler,
    Set<String> queryParameters,
    boolean streamsBody) {
  /** Rejects an invalid method or template. */
  public Route {
    queryParameters = Set.copyOf(queryParameters);
    if (!Headers.isToken(method) || !template.startsWith("/")) {
      throw new IllegalArgumentException("invalid route: " + method + " " + template);
    }
    var names = new HashSet<String>();
    for (var part : parts(template)) {
      var valid = isParameter(part) ? part.length() > 2 && names.add(part) : isLiteral(part);
      if (!valid) {
        throw new IllegalArgumentException("invalid route: " + method + " " + template);
      }
    }
  }

  /** Creates a route without query parameters. */
  public Route(String method, String template, Access access, Handler handler) {
    this(method, template, access, handler, Set.of(), false);
  }

  /** The kind of token that a request requires. */
  public enum RequiredToken {
    /** No token: the route is open. */
    NONE,
    /** Any valid token. */
    ANY,
    /** A token of a tenant's user. */
    TENANT,
    /** A token of an operator. */
    OPERATOR
  }

  /** The access that a route requires. */
  public sealed interface Access {
    /** No token. */
    record Open() implements Access {}

    /** A valid token of a tenant's user. */
    record Authenticated() implements Access {}

    /** A valid token of a tenant's user, with this scope. */
    record Scope(String name) implements Access {}

    /** A valid token of an operator, with this scope. No tenant is bound for the handler. */
    record Operator(String scope) implements Access {}

    /** Returns the kind of token that this access requires. */
    default RequiredToken requiredToken() {
      return switch (this) {
        case Open() -> RequiredToken.NONE;
        case Authenticated(), Scope(_) -> RequiredToken.TENANT;
        case Operator(_) -> RequiredToken.OPERATOR;
      };
    }
  }

  /** Returns a route that requires a tenant's token with {@code scope}. */
  public static Route of(String method, String template, String scope, Handler handler) {
    return new Route(method, template, new Access.Scope(scope), handler);
  }

  /** Returns a route that requires an operator's token with {@code scope}. */
  public static Route operator(String method, String template, String scope, Handler handler) {
    return new Route(method, template, new Access.Operator(scope), handler);
  }

  /** Returns a route that requires no token. */
  public static Route open(String method, String template, Handler handler) {
    return new Route(method, template, new Access.Open(), handler);
  }

  /** Returns the same route with these query parameters, in addition to the earlier ones. */
  public Route withQuery(String... names) {
    var all = new TreeSet<>(queryParameters);
    all.addAll(Arrays.asList(names));
    return new Route(method, template, access, handler, all, streamsBody);
  }

  /** Returns the same route, whose handler reads the body as a stream. */
  public Route withStreamedBody() {
    return new Route(method, template, access, handler, queryParameters, true);
  }

  /** Returns the parts of the template. */
  List<String> parts() {
    return parts(template);
  }

  /** Returns whether a part of a template is a parameter. */
  static boolean isParameter(String part) {
    return part.startsWith("{") && part.endsWith("}");
  }

  private static List<String> parts(String template) {
    return template.equals("/") ? List.of() : List.of(template.substring(1).split("/", -1));
  }

  private static boolean isLiteral(String part) {
    return !part.isEmpty() && part.indexOf('{') < 0 && part.indexOf('}') < 0;
  }
}
