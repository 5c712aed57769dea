package dev.partywall.http;

import java.util.HashSet;
import java.util.List;

/**
 * A method and a path template, what it takes to be let in, and who answers.
 *
 * @param method in capital letters; a GET route answers HEAD too
 * @param template such as {@code /orders/{id}}: parts are literal or a name in braces
 */
public record Route(String method, String template, Access access, Handler handler) {
  /** Refuses what is no method or no template. */
  public Route {
    if (!Headers.isToken(method) || !template.startsWith("/")) {
      throw new IllegalArgumentException("no route: " + method + " " + template);
    }
    var names = new HashSet<String>();
    for (var part : parts(template)) {
      var holds = isParameter(part) ? part.length() > 2 && names.add(part) : isLiteral(part);
      if (!holds) {
        throw new IllegalArgumentException("no route: " + method + " " + template);
      }
    }
  }

  /** What it takes to be let in. */
  public sealed interface Access {
    /** Nothing: anybody may. */
    record Open() implements Access {}

    /** A token that holds. */
    record Authenticated() implements Access {}

    /** A token that holds and carries this right. */
    record Scope(String name) implements Access {}
  }

  /** A route that needs {@code scope}. */
  public static Route of(String method, String template, String scope, Handler handler) {
    return new Route(method, template, new Access.Scope(scope), handler);
  }

  /** A route that anybody may use. */
  public static Route open(String method, String template, Handler handler) {
    return new Route(method, template, new Access.Open(), handler);
  }

  /** The template's parts. */
  List<String> parts() {
    return parts(template);
  }

  /** Whether a part of a template stands for any value. */
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
