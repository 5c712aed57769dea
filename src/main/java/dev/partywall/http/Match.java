package dev.partywall.http;

import dev.partywall.http.Route.RequiredToken;
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
   * @param requiredToken the token that the routes of the path require; any token if they differ
   */
  record WrongMethod(String template, Set<String> allow, RequiredToken requiredToken)
      implements Match {}

  /** The path does not exist. */
  record NoMatch() implements Match {}

  /** Returns the token that the request requires. Unknown paths require any token. */
  default RequiredToken requiredToken() {
    return switch (this) {
      case Found(var route, _) -> route.access().requiredToken();
      case WrongMethod(_, _, var token) -> token;
      case NoMatch() -> RequiredToken.ANY;
    };
  }

  /** Returns whether the handler reads the body as a stream. */
  default boolean streamsBody() {
    return this instanceof Found(var route, _) && route.streamsBody();
  }

  /** Returns whether the request is served without a token. */
  default boolean isOpen() {
    return requiredToken() == RequiredToken.NONE;
  }
}
