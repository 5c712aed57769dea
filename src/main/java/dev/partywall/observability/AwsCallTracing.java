package dev.partywall.observability;

import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.Ids;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Propagates the request's trace to DynamoDB and STS. Each call is a span, identified by a {@code
 * traceparent} header that the signature covers. Calls outside a request carry no header.
 */
public final class AwsCallTracing implements ExecutionInterceptor {
  private static final ExecutionAttribute<Call> CALL = new ExecutionAttribute<>("partywall.call");

  private final TraceIds ids;
  private final Optional<SpanExporter> exporter;
  private final InstantSource clock;

  private record Call(Ids request, String spanId, long start) {}

  /** Creates an interceptor to attach to each AWS SDK client. */
  public AwsCallTracing(LongSupplier random, Optional<SpanExporter> exporter, InstantSource clock) {
    this.ids = new TraceIds(random);
    this.exporter = exporter;
    this.clock = clock;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    Execution.current()
        .map(scope -> new Call(scope.ids(), ids.spanId(), System.nanoTime()))
        .ifPresent(call -> attributes.putAttribute(CALL, call));
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var call = attributes.getAttribute(CALL);
    return call == null ? context.httpRequest() : traced(context.httpRequest(), call);
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    export(attributes, false);
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    export(attributes, true);
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

  private void export(ExecutionAttributes attributes, boolean failed) {
    var call = attributes.getAttribute(CALL);
    if (call != null && call.request().trace().isSampled()) {
      exporter.ifPresent(spans -> spans.export(span(attributes, call, failed)));
    }
  }

  private Span span(ExecutionAttributes attributes, Call call, boolean failed) {
    var operation = AwsOperation.of(attributes);
    return new Span(
        call.request().traceId(),
        call.spanId(),
        Optional.of(call.request().spanId()),
        Span.SpanKind.CLIENT,
        operation.service() + "." + operation.name(),
        clock.instant(),
        Duration.ofNanos(System.nanoTime() - call.start()),
        failed);
  }
}
