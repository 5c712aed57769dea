package dev.partywall.observability.trace;

import dev.partywall.http.Headers;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import dev.partywall.tenancy.Execution.Trace;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Creates ids in the format of W3C Trace Context level 2: lower-case hexadecimal, never all zeros.
 *
 * @param random uniformly distributed numbers; called by many threads at once
 */
public record TraceIds(LongSupplier random) {
  private static final HexFormat HEX = HexFormat.of();

  /**
   * Returns ids from {@link ThreadLocalRandom}. They are unique but can be guessed: an id grants no
   * access to anything, and every request needs three of them.
   */
  public static TraceIds ofThreadLocalRandom() {
    // Asks for the current thread's generator in each call. The object is the same in all threads,
    // but `current` seeds it: in a thread without a seed, it would repeat another thread's numbers.
    return new TraceIds(() -> ThreadLocalRandom.current().nextLong());
  }

  /** Returns 32 digits. All are random, which permits setting the random flag. */
  public String traceId() {
    return HEX.toHexDigits(nonZero()) + HEX.toHexDigits(random.getAsLong());
  }

  /** Returns 16 digits. */
  public String spanId() {
    return HEX.toHexDigits(nonZero());
  }

  /** Returns 32 digits. */
  public String requestId() {
    return traceId();
  }

  /** Returns an execution for background work, with a trace of its own. */
  public Execution newExecution() {
    return new Execution(newTrace());
  }

  /**
   * Returns the ids of work that starts a new trace. The trace is not sampled, because the service
   * exports no spans.
   */
  CorrelationIds newTrace() {
    var trace = new Trace(Optional.empty(), TraceParent.RANDOM, "");
    return new CorrelationIds(requestId(), traceId(), spanId(), trace);
  }

  /**
   * Returns the header fields of a call to another service, which continue the trace of a request.
   * Each call has a span id of its own.
   */
  public Headers outgoingFields(CorrelationIds request) {
    var trace = request.trace();
    var parent = new TraceParent(request.traceId(), spanId(), trace.flags());
    var fields = Headers.NONE.with("traceparent", parent.headerValue());
    return trace.state().isEmpty() ? fields : fields.with("tracestate", trace.state());
  }

  // The standard forbids an id of zeros. One non-zero half is sufficient for a trace id.
  private long nonZero() {
    var number = random.getAsLong();
    while (number == 0) {
      number = random.getAsLong();
    }
    return number;
  }
}
