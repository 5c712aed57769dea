package dev.partywall.isolation;

import dev.partywall.error.AwsErrorCodes;
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
 * A DynamoDB client with the three operations that a tenant may use. If AWS rejects the credentials
 * of a call, the call is repeated once with new ones. AWS rejects such a call before executing it,
 * so no write is applied twice.
 */
public final class TenantDynamo implements DynamoDbClient {
  private final DynamoDbClient client;
  private final TenantCredentials credentials;

  /**
   * Wraps a client.
   *
   * @param client a client that uses the given credentials
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
    // Use one token for both calls: the first may have been executed without a response.
    var identified =
        request.clientRequestToken() == null
            ? request.toBuilder().clientRequestToken(UUID.randomUUID().toString()).build()
            : request;
    return call(() -> client.transactWriteItems(identified));
  }

  private <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      if (!AwsErrorCodes.isRejectionOfCredentials(AwsErrorCodes.codeOf(e))) {
        throw e;
      }
      credentials.invalidate();
      return call.get();
    }
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
