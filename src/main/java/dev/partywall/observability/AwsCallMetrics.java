package dev.partywall.observability;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Measures calls of the AWS SDK, with their repetitions: {@code db.client.operation.duration} for
 * DynamoDB, {@code rpc.client.call.duration} for the rest.
 */
final class AwsCallMetrics implements ExecutionInterceptor {
  private static final ExecutionAttribute<Long> START =
      new ExecutionAttribute<>("partywall.call.start");
  private static final double[] SECONDS = {.001, .005, .01, .05, .1, .5, 1, 5, 10};
  // Error types come from the other side; nobody there decides how many series we have.
  private static final int MOST_KINDS = 500;

  private final Histogram database;
  private final Histogram remote;
  private final Map<Kind, DistributionDataPoint> series = new ConcurrentHashMap<>();

  private record Kind(AwsOperation operation, String error) {}

  AwsCallMetrics(PrometheusRegistry registry) {
    database =
        histogram("db_client_operation_duration", "Duration of database client operations.")
            .labelNames("db_system_name", "db_operation_name", "error_type")
            .register(registry);
    remote =
        histogram("rpc_client_call_duration", "Duration of outgoing remote procedure calls.")
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
    var kind = new Kind(AwsOperation.of(attributes), error);
    var known = series.get(kind);
    (known == null ? add(kind) : known)
        .observe(Unit.nanosToSeconds(System.nanoTime() - attributes.getAttribute(START)));
  }

  private DistributionDataPoint add(Kind kind) {
    return series.size() < MOST_KINDS
        ? series.computeIfAbsent(kind, this::series)
        : series(new Kind(kind.operation, "_OTHER"));
  }

  private DistributionDataPoint series(Kind kind) {
    var operation = kind.operation;
    return operation.service().equals(AwsOperation.DYNAMODB)
        ? database.labelValues("aws.dynamodb", operation.name(), kind.error)
        : remote.labelValues("aws-api", operation.service() + "/" + operation.name(), kind.error);
  }

  // AWS's own name for it where there is one, such as ThrottlingException.
  private static String type(Throwable error) {
    return error instanceof AwsServiceException aws
            && aws.awsErrorDetails() != null
            && aws.awsErrorDetails().errorCode() != null
        ? aws.awsErrorDetails().errorCode()
        : error.getClass().getName();
  }

  private static Histogram.Builder histogram(String name, String help) {
    var histogram = Histogram.builder().name(name).help(help).unit(Unit.SECONDS);
    histogram.withoutExemplars();
    return histogram.classicOnly().classicUpperBounds(SECONDS);
  }
}
