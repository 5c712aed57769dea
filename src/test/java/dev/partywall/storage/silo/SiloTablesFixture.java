package dev.partywall.storage.silo;

import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.FaultInjectingClient;
import dev.partywall.storage.FaultInjectingClient.CallHandler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A client of the provisioner that records its requests. It answers the calls about backups, which
 * DynamoDB Local does not know, for one table.
 */
public final class SiloTablesFixture implements AutoCloseable {
  public final FaultInjectingClient proxy;
  public final DynamoDbClient client;
  private final List<Object> requests = new CopyOnWriteArrayList<>();
  private final AtomicBoolean recoverable = new AtomicBoolean();

  public SiloTablesFixture(LocalDynamo dynamo) throws IOException {
    proxy = new FaultInjectingClient(dynamo);
    client = proxy.client(List.of(new RequestRecorder(requests)));
    proxy.handleOperationWith("DescribeContinuousBackups", describesBackups());
    proxy.handleOperationWith("UpdateContinuousBackups", enablesBackups());
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
  }
}
