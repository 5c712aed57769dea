package dev.partywall.http;

import java.util.Map;
import java.util.Set;

/** What the {@link Router} found for a request. */
public sealed interface Match {
  /** A route, and what stands in its template's places. */
  record Found(Route route, Map<String, String> parameters) implements Match {}

  /** There is such a path, but not with this method. {@code template} is the path's. */
  record WrongMethod(String template, Set<String> allow) implements Match {}

  /** There is no such path. */
  record Nothing() implements Match {}
}
