package dev.partywall.observability.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.local.LocalDynamo;
import dev.partywall.observability.trace.AwsCallTracing;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Execution.CorrelationIds;
import dev.partywall.tenancy.Execution.Trace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class AwsCallsTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private final List<SdkHttpRequest> sent = new ArrayList<>();
  private final Metrics metrics = new Metrics(2);

  @Test
  void propagatesTheRequestsTraceWithANewSpan(LocalDynamo dynamo) {
    try (var client = client(dynamo)) {
      scope(new Trace(Optional.empty(), 3, "vendor=1")).call(() -> client.listTables());
    }
    var traceparent = header("traceparent");
    assertTrue(traceparent.matches("00-" + TRACE + "-[0-9a-f]{16}-03"), traceparent);
    assertNotEquals(SPAN, traceparent.substring(36, 52));
    assertEquals("vendor=1", header("tracestate"));
    assertTrue(header("Authorization").contains("traceparent;tracestate"));
  }

  @Test
  void propagatesAnUnsampledTraceWithItsFlags(LocalDynamo dynamo) {
    try (var client = client(dynamo)) {
      scope(new Trace(Optional.empty(), 2, "")).call(() -> client.listTables());
    }
    assertTrue(header("traceparent").endsWith("-02"));
    assertTrue(sent.getFirst().firstMatchingHeader("tracestate").isEmpty());
  }

  @Test
  void sendsNoTraceOutsideARequest(LocalDynamo dynamo) {
    try (var client = client(dynamo)) {
      client.listTables();
    }
    assertTrue(sent.getFirst().firstMatchingHeader("traceparent").isEmpty());
  }

  @Test
  void measuresCallsByOperationAndOutcome(LocalDynamo dynamo) {
    try (var client = client(dynamo)) {
      client.listTables();
      assertThrows(
          ResourceNotFoundException.class,
          () -> client.describeTable(request -> request.tableName("absent")));
    }
    var page = page();
    assertTrue(
        page.contains(
            "db_client_operation_duration_seconds_count{db_operation_name=\"ListTables\",db_system_name=\"aws.dynamodb\",error_type=\"\"} 1"),
        page);
    assertTrue(
        page.contains(
            "db_client_operation_duration_seconds_count{db_operation_name=\"DescribeTable\",db_system_name=\"aws.dynamodb\",error_type=\"ResourceNotFoundException\"} 1"),
        page);
  }

  private static Execution scope(Trace trace) {
    return new Execution(new CorrelationIds("r", TRACE, SPAN, trace));
  }

  private DynamoDbClient client(LocalDynamo dynamo) {
    var calls = new AwsCallTracing(new TraceIds(new SplittableRandom(3)::nextLong));
    return DynamoDbClient.builder()
        .endpointOverride(dynamo.endpoint())
        .region(Region.EU_CENTRAL_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .overrideConfiguration(configuration ->
            configuration
                .addExecutionInterceptor(calls)
                .addExecutionInterceptor(metrics.awsCallInterceptor())
                .addExecutionInterceptor(new SentRequests()))
        .build();
  }

  private String header(String name) {
    assertEquals(1, sent.size());
    return sent.getFirst().firstMatchingHeader(name).orElseThrow();
  }

  private String page() {
    var request = Request.of("GET", RequestTarget.ROOT, Headers.NONE, Body.NONE);
    return new String(metrics.route().handler().handle(request).body(), StandardCharsets.UTF_8);
  }

  /** Records the signed requests. */
  private final class SentRequests implements ExecutionInterceptor {
    @Override
    public void beforeTransmission(
        Context.BeforeTransmission context, ExecutionAttributes attributes) {
      sent.add(context.httpRequest());
    }
  }
}
