package dev.partywall.http;

import java.util.Map;
import java.util.Set;

/** What the {@link Router} found for a request. */
public sealed interface Match {
  /** A route, and what stands in its template's places. */
  record Found(Route route, Map<String, String> parameters) implements Match {}

  /**
   * There is such a path, but not with this method.
   *
   * @param template the path's
   * @param open whether anybody may use every route of the path, and so may be told of this
   */
  record WrongMethod(String template, Set<String> allow, boolean open) implements Match {}

  /** There is no such path. */
  record Nothing() implements Match {}

  /** Whether it takes no token to get an answer. What is not there takes one like all else. */
  default boolean isOpen() {
    return switch (this) {
      case Found(var route, _) -> route.access() instanceof Route.Access.Open;
      case WrongMethod(_, _, var open) -> open;
      case Nothing() -> false;
    };
  }
}
