package dev.partywall.http;

import java.util.List;

/**
 * A method and a path template, what it takes to be let in, and who answers.
 *
 * @param method in capital letters; a GET route answers HEAD too
 * @param template such as {@code /orders/{id}}
 */
public record Route(String method, String template, Access access, Handler handler) {
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
    return template.equals("/") ? List.of() : List.of(template.substring(1).split("/", -1));
  }
}
