package dev.partywall.http;

import java.util.List;

/**
 * One door on the corridor. It answers itself, or asks {@code next} and may change the answer on
 * its way out; since it has to return a {@link Response}, it can't forget to do either.
 */
@FunctionalInterface
public interface Filter {
  /** Answers the request, usually by asking {@code next}. */
  Response filter(Request request, Handler next);

  /**
   * A corridor: the first of the doors is the outermost, and {@code end} stands behind the last.
   */
  static Handler corridor(List<Filter> doors, Handler end) {
    var handler = end;
    for (var door : doors.reversed()) {
      var next = handler;
      handler = request -> door.filter(request, next);
    }
    return handler;
  }
}
