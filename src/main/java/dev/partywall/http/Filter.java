package dev.partywall.http;

import java.util.List;

/**
 * One element of the filter chain. It returns its own response, or calls {@code next} and may
 * change the response. The return type forces it to do one of the two.
 */
@FunctionalInterface
public interface Filter {
  /** Returns the response to the request, usually by calling {@code next}. */
  Response filter(Request request, Handler next);

  /** Returns a filter chain. The first filter is the outermost; the last one calls {@code end}. */
  static Handler chain(List<Filter> filters, Handler end) {
    var handler = end;
    for (var filter : filters.reversed()) {
      var next = handler;
      handler = request -> filter.filter(request, next);
    }
    return handler;
  }
}
