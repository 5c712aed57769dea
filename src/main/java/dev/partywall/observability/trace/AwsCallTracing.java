package dev.partywall.observability.trace;

import dev.partywall.http.Headers;
import dev.partywall.tenancy.Execution;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Propagates the trace of the current {@link Execution} to DynamoDB and STS in a {@code
 * traceparent} header that the signature covers. Calls outside an execution carry no header. The
 * service exports no spans; the header associates AWS's records of a call with the log lines of the
 * execution.
 */
public final class AwsCallTracing implements ExecutionInterceptor {
  private static final ExecutionAttribute<Headers> FIELDS =
      new ExecutionAttribute<>("partywall.trace");

  private final TraceIds ids;

  /** Creates an interceptor to attach to each AWS SDK client. */
  public AwsCallTracing(TraceIds ids) {
    this.ids = ids;
  }

  // One span id per call, not per attempt: the SDK sends a retry as the same request.
  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    Execution.current()
        .map(execution -> ids.outgoingFields(execution.ids()))
        .ifPresent(fields -> attributes.putAttribute(FIELDS, fields));
  }

  // This hook runs before the request is signed. A header that is added later would not be covered.
  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var fields = attributes.getAttribute(FIELDS);
    return fields == null ? context.httpRequest() : traced(context.httpRequest(), fields);
  }

  private static SdkHttpRequest traced(SdkHttpRequest request, Headers fields) {
    var traced = request.toBuilder();
    fields.fields().forEach(field -> traced.putHeader(field.name(), field.value()));
    return traced.build();
  }
}
