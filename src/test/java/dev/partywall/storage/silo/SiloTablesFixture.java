package dev.partywall.storage.silo;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.FaultInjectingClient.CallHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.SSEStatus;
import software.amazon.awssdk.services.dynamodb.model.SSEType;

/**
 * A client of the provisioner that records its requests. It answers the calls about backups, which
 * DynamoDB Local does not know, for one table, and describes the encryption that was requested.
 */
public final class SiloTablesFixture implements AutoCloseable {
  public final FaultInjectingClient proxy;
  public final DynamoDbClient client;
  private final List<Object> requests = new CopyOnWriteArrayList<>();
  private final AtomicBoolean recoverable = new AtomicBoolean();

  public SiloTablesFixture(LocalDynamo dynamo) throws IOException {
    proxy = new FaultInjectingClient(dynamo);
    client = client(List.of());
    proxy.handleOperationWith("DescribeContinuousBackups", describesBackups());
    proxy.handleOperationWith("UpdateContinuousBackups", enablesBackups());
  }

  /** Returns a further client with these interceptors. */
  public DynamoDbClient client(List<ExecutionInterceptor> interceptors) {
    var all = new ArrayList<ExecutionInterceptor>(interceptors);
    all.add(new RequestRecorder(requests));
    return proxy.client(all);
  }

  private CallHandler describesBackups() {
    return upstream -> FaultInjectingClient.replyWith(200, description()).handle(upstream);
  }

  CallHandler enablesBackups() {
    return upstream -> {
      recoverable.set(true);
      return FaultInjectingClient.replyWith(200, description()).handle(upstream);
    };
  }

  /** Starts with another table, which has no backups. */
  public void forgetBackups() {
    recoverable.set(false);
  }

  private String description() {
    return """
    {"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",
      "PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"%s"}}}\
    """
        .formatted(recoverable.get() ? "ENABLED" : "DISABLED");
  }

  /** Returns the last request of this type. */
  public <T> T sent(Class<T> type) {
    return requests.stream().filter(type::isInstance).map(type::cast).toList().getLast();
  }

  @Override
  public void close() throws IOException {
    client.close();
    proxy.close();
  }

  private record RequestRecorder(List<Object> requests) implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      requests.add(context.request());
    }

    @Override
    public SdkResponse modifyResponse(
        Context.ModifyResponse context, ExecutionAttributes attributes) {
      return context.response() instanceof DescribeTableResponse found
              && isEncrypted(found.table().tableName())
          ? found.toBuilder()
              .table(
                  found.table().toBuilder()
                      .sseDescription(sse -> sse.status(SSEStatus.ENABLED).sseType(SSEType.KMS))
                      .build())
              .build()
          : context.response();
    }

    private boolean isEncrypted(String table) {
      return requests.stream()
          .filter(CreateTableRequest.class::isInstance)
          .map(CreateTableRequest.class::cast)
          .anyMatch(
              created -> created.tableName().equals(table) && created.sseSpecification() != null);
    }
  }
}
