package dev.partywall.http;

import java.util.Map;
import java.util.Set;

/** The result of the {@link Router} for a request. */
public sealed interface Match {
  /** A route, and the values of its path parameters. */
  record Found(Route route, Map<String, String> parameters) implements Match {}

  /**
   * The path exists, but not with this method.
   *
   * @param template the template of the path
   * @param allow the methods of the path
   * @param open whether all routes of the path are open; only then is the 405 sent without a token
   */
  record WrongMethod(String template, Set<String> allow, boolean open) implements Match {}

  /** The path does not exist. */
  record NoMatch() implements Match {}

  /** Returns whether the request is served without a token. Unknown paths require a token. */
  default boolean isOpen() {
    return switch (this) {
      case Found(var route, _) -> route.access() instanceof Route.Access.Open;
      case WrongMethod(_, _, var open) -> open;
      case NoMatch() -> false;
    };
  }
}
