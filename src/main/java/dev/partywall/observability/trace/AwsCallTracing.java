package dev.partywall.observability.trace;

import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Propagates the request's trace to DynamoDB and STS in a {@code traceparent} header that the
 * signature covers. Calls outside a request carry no header. The service exports no spans; the
 * header associates AWS's records of a call with the log lines of the request.
 */
public final class AwsCallTracing implements ExecutionInterceptor {
  private static final ExecutionAttribute<Call> CALL = new ExecutionAttribute<>("partywall.call");

  private final TraceIds ids;

  private record Call(CorrelationIds request, String spanId) {}

  /** Creates an interceptor to attach to each AWS SDK client. */
  public AwsCallTracing(TraceIds ids) {
    this.ids = ids;
  }

  // One span id per call, not per attempt: the SDK sends a retry as the same request.
  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    Execution.current()
        .map(execution -> new Call(execution.ids(), ids.spanId()))
        .ifPresent(call -> attributes.putAttribute(CALL, call));
  }

  // This hook runs before the request is signed. A header that is added later would not be covered.
  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var call = attributes.getAttribute(CALL);
    return call == null ? context.httpRequest() : traced(context.httpRequest(), call);
  }

  private static SdkHttpRequest traced(SdkHttpRequest request, Call call) {
    var trace = call.request().trace();
    var parent = new TraceParent(call.request().traceId(), call.spanId(), trace.flags());
    var traced = request.toBuilder().putHeader("traceparent", parent.headerValue());
    if (!trace.state().isEmpty()) {
      traced.putHeader("tracestate", trace.state());
    }
    return traced.build();
  }
}
