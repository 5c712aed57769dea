package dev.partywall.observability.trace;

import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.StreamWriter;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import dev.partywall.tenancy.Execution.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * The outermost filter: assigns the request's ids and binds its {@link Execution}. It continues the
 * caller's trace if {@code traceparent} is valid (W3C Trace Context level 2), and otherwise starts
 * a new one. The response carries {@code X-Request-Id}. A request id from the client is ignored,
 * because it could imitate another request's id.
 */
public final class TraceFilter implements Filter {
  private final TraceIds ids;

  /** Creates a filter that assigns the ids. */
  public TraceFilter(TraceIds ids) {
    this.ids = ids;
  }

  @Override
  public Response filter(Request request, Handler next) {
    var headers = request.headers();
    // A tracestate without a traceparent has no meaning and is dropped (section 3.3). An incoming
    // trace keeps the caller's flag.
    var assigned =
        parent(headers).map(parent -> continueTrace(parent, headers)).orElseGet(ids::newTrace);
    var execution = new Execution(assigned);
    return execution
        .call(() -> next.handle(request))
        .mapWriter(writer -> inside(execution, writer))
        .with("X-Request-Id", assigned.requestId());
  }

  /** The server calls the writer of a stream after the binding of the execution has ended. */
  private static StreamWriter inside(Execution execution, StreamWriter writer) {
    return out ->
        execution.call(() -> {
          writer.write(out);
          return out;
        });
  }

  // Two traceparent fields contradict each other, so both are ignored (section 3.2).
  private static Optional<TraceParent> parent(Headers headers) {
    return headers.isRepeated("traceparent")
        ? Optional.empty()
        : headers.first("traceparent").flatMap(TraceParent::parse);
  }

  private CorrelationIds continueTrace(TraceParent parent, Headers headers) {
    var state = TraceState.of(headers.all("tracestate"));
    var trace = new Trace(Optional.of(parent.parentId()), parent.flags(), state);
    return new CorrelationIds(ids.requestId(), parent.traceId(), ids.spanId(), trace);
  }

  /**
   * The {@code tracestate} field of W3C Trace Context level 2 (section 3.3). This service adds no
   * entry; it propagates the entries of others in their order.
   */
  private static final class TraceState {
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9_\\-*/@]{0,255}");
    private static final Pattern VALUE =
        Pattern.compile(
            "[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]");
    private static final int MAX_MEMBERS = 32;
    private static final int LONG_MEMBER = 128;
    private static final int MAX_LENGTH = 512;

    private TraceState() {}

    /**
     * Returns the list to propagate. Several fields form one list (RFC 9110, section 5.3). Returns
     * an empty string if any member is invalid: the entire list is dropped, and the trace continues
     * without it.
     */
    static String of(List<String> fields) {
      var members = new LinkedHashMap<String, String>();
      for (var part : String.join(",", fields).split(",", -1)) {
        var member = trim(part);
        if (!member.isEmpty() && !add(members, member)) {
          return "";
        }
      }
      return truncate(members);
    }

    private static boolean add(Map<String, String> members, String member) {
      var equals = member.indexOf('=');
      if (equals < 0
          || members.size() == MAX_MEMBERS
          || !KEY.matcher(member.substring(0, equals)).matches()
          || !VALUE.matcher(member.substring(equals + 1)).matches()) {
        return false;
      }
      // The first of two equal keys is the newer one.
      members.putIfAbsent(member.substring(0, equals), member);
      return true;
    }

    // Drops long members first, then members at the end (section 3.3.1.5).
    private static String truncate(SequencedMap<String, String> members) {
      var state = String.join(",", members.values());
      if (state.length() > MAX_LENGTH) {
        members.values().removeIf(member -> member.length() > LONG_MEMBER);
        state = String.join(",", members.values());
      }
      while (state.length() > MAX_LENGTH) {
        members.pollLastEntry();
        state = String.join(",", members.values());
      }
      return state;
    }

    private static String trim(String part) {
      var from = 0;
      var to = part.length();
      while (from < to && isBlank(part.charAt(from))) {
        from++;
      }
      while (to > from && isBlank(part.charAt(to - 1))) {
        to--;
      }
      return part.substring(from, to);
    }

    private static boolean isBlank(char c) {
      return c == ' ' || c == '\t';
    }
  }
}
