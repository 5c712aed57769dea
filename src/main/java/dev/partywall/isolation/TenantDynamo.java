package dev.partywall.isolation;

import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * DynamoDB as the bound tenant may use it: three operations, no others. A call whose credentials
 * turn out to be over is made once more with new ones, so that nobody notices. AWS refuses such a
 * call before it does anything, so that a write is not done twice.
 */
public final class TenantDynamo implements DynamoDbClient {
  private static final Set<String> STALE =
      Set.of("ExpiredTokenException", "UnrecognizedClientException");

  private final DynamoDbClient client;
  private final TenantCredentials credentials;

  /**
   * The same DynamoDB.
   *
   * @param client has these very credentials as its own
   */
  public TenantDynamo(DynamoDbClient client, TenantCredentials credentials) {
    this.client = client;
    this.credentials = credentials;
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return call(() -> client.getItem(request));
  }

  @Override
  public QueryResponse query(QueryRequest request) {
    return call(() -> client.query(request));
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    // One name for both calls: the first one may have been tried twice, and its answer got lost.
    var named =
        request.clientRequestToken() == null
            ? request.toBuilder().clientRequestToken(UUID.randomUUID().toString()).build()
            : request;
    return call(() -> client.transactWriteItems(named));
  }

  private <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      if (!isStale(e)) {
        throw e;
      }
      credentials.distrust();
      return call.get();
    }
  }

  private static boolean isStale(AwsServiceException e) {
    var details = e.awsErrorDetails();
    // What is no answer of AWS's own, such as a proxy's, has no code.
    return details != null && details.errorCode() != null && STALE.contains(details.errorCode());
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {
    client.close();
  }
}
