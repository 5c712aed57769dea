package dev.partywall.observability.metrics;

import dev.partywall.error.AwsErrorCodes;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Measures AWS SDK calls, including retries: {@code db.client.operation.duration} for DynamoDB,
 * {@code rpc.client.call.duration} for the other services.
 */
final class AwsCallMetrics implements ExecutionInterceptor {
  private static final ExecutionAttribute<Long> START =
      new ExecutionAttribute<>("partywall.call.start");
  private static final double[] SECONDS = {.001, .005, .01, .05, .1, .5, 1, 5, 10};
  // Error types come from the remote service, which must not determine the number of series.
  private static final int MAX_SERIES = 500;

  private final Histogram database;
  private final Histogram remote;
  private final Map<CallLabels, DistributionDataPoint> series = new ConcurrentHashMap<>();

  private record CallLabels(AwsOperation operation, String error) {}

  AwsCallMetrics(PrometheusRegistry registry) {
    database =
        DurationHistogram.named(
                "db_client_operation_duration", "Duration of database client operations.", SECONDS)
            .labelNames("db_system_name", "db_operation_name", "error_type")
            .register(registry);
    remote =
        DurationHistogram.named(
                "rpc_client_call_duration", "Duration of outgoing remote procedure calls.", SECONDS)
            .labelNames("rpc_system_name", "rpc_method", "error_type")
            .register(registry);
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    attributes.putAttribute(START, System.nanoTime());
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    measure(attributes, "");
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    measure(attributes, type(context.exception()));
  }

  private void measure(ExecutionAttributes attributes, String error) {
    var labels = new CallLabels(AwsOperation.of(attributes), error);
    var known = series.get(labels);
    (known == null ? add(labels) : known)
        .observe(Unit.nanosToSeconds(System.nanoTime() - attributes.getAttribute(START)));
  }

  private DistributionDataPoint add(CallLabels labels) {
    return series.size() < MAX_SERIES
        ? series.computeIfAbsent(labels, this::series)
        : series(new CallLabels(labels.operation, "_OTHER"));
  }

  private DistributionDataPoint series(CallLabels labels) {
    var operation = labels.operation;
    return operation.service().equals(AwsOperation.DYNAMODB)
        ? database.labelValues("aws.dynamodb", operation.name(), labels.error)
        : remote.labelValues("aws-api", operation.service() + "/" + operation.name(), labels.error);
  }

  // AWS's error code if present, such as ThrottlingException.
  private static String type(Throwable error) {
    var code = AwsErrorCodes.codeOf(error);
    return code.isEmpty() ? error.getClass().getName() : code;
  }

  /**
   * The service and operation of an AWS SDK call, in AWS's spelling: {@code DynamoDB}, {@code
   * GetItem}.
   */
  private record AwsOperation(String service, String name) {
    static final String DYNAMODB = "DynamoDB";

    static AwsOperation of(ExecutionAttributes attributes) {
      var service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
      // The SDK spells it like its class names.
      return new AwsOperation(
          service.equals("DynamoDb") ? DYNAMODB : service,
          attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
    }
  }
}
