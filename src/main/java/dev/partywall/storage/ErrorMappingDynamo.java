package dev.partywall.storage;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.error.AwsErrorCodes;
import dev.partywall.tenancy.TenantContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsUnavailableException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveResponse;

/**
 * A client that maps the exceptions of DynamoDB and the SDK to API errors: {@link ApiException}
 * with {@link ApiError.Unavailable} when DynamoDB or the credentials are unavailable. Unknown
 * errors count as unavailable, too: a proxy returns errors that DynamoDB does not have, and later
 * releases of DynamoDB have further ones. Exceptions that are results of the request, such as a
 * failed condition, are rethrown unchanged, and so are those caused by a bug: DynamoDB rejects the
 * request as invalid.
 *
 * <p>{@link DynamoClients} wraps every client in this class. It has the operations that the service
 * uses. All others throw {@link UnsupportedOperationException}, the default of the SDK, so no call
 * bypasses the mapping.
 */
final class ErrorMappingDynamo implements DynamoDbClient {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorMappingDynamo.class);
  private static final ApiError DATABASE_UNAVAILABLE =
      new ApiError.Unavailable("The database is temporarily unavailable.", Duration.ofSeconds(2));

  private final DynamoDbClient client;
  private final AccessDenialListener denials;

  ErrorMappingDynamo(DynamoDbClient client, AccessDenialListener denials) {
    this.client = client;
    this.denials = denials;
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return call(request, client::getItem);
  }

  @Override
  public QueryResponse query(QueryRequest request) {
    return call(request, client::query);
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return call(request, client::putItem);
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return call(request, client::updateItem);
  }

  @Override
  public DeleteItemResponse deleteItem(DeleteItemRequest request) {
    return call(request, client::deleteItem);
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    return call(request, client::transactWriteItems);
  }

  @Override
  public CreateTableResponse createTable(CreateTableRequest request) {
    return call(request, client::createTable);
  }

  @Override
  public DescribeTableResponse describeTable(DescribeTableRequest request) {
    return call(request, client::describeTable);
  }

  @Override
  public DescribeTimeToLiveResponse describeTimeToLive(DescribeTimeToLiveRequest request) {
    return call(request, client::describeTimeToLive);
  }

  @Override
  public UpdateTimeToLiveResponse updateTimeToLive(UpdateTimeToLiveRequest request) {
    return call(request, client::updateTimeToLive);
  }

  @Override
  public UpdateTableResponse updateTable(UpdateTableRequest request) {
    return call(request, client::updateTable);
  }

  @Override
  public DeleteTableResponse deleteTable(DeleteTableRequest request) {
    return call(request, client::deleteTable);
  }

  @Override
  public DescribeContinuousBackupsResponse describeContinuousBackups(
      DescribeContinuousBackupsRequest request) {
    return call(request, client::describeContinuousBackups);
  }

  @Override
  public UpdateContinuousBackupsResponse updateContinuousBackups(
      UpdateContinuousBackupsRequest request) {
    return call(request, client::updateContinuousBackups);
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {
    client.close();
  }

  static ApiException unavailable() {
    return new ApiException(DATABASE_UNAVAILABLE);
  }

  static ApiException unavailable(Throwable cause) {
    return new ApiException(DATABASE_UNAVAILABLE, cause);
  }

  private <Q extends DynamoDbRequest, R> R call(Q request, Function<Q, R> operation) {
    try {
      return operation.apply(request);
    } catch (AwsServiceException e) {
      throw mapped(request, e);
    } catch (SdkClientException e) {
      // No response, no connection, no credentials, or an interrupt after the request timeout.
      throw unavailable(e);
    }
  }

  private RuntimeException mapped(DynamoDbRequest request, AwsServiceException e) {
    var code = AwsErrorCodes.codeOf(e);
    if (AwsErrorCodes.isDenial(code)) {
      return denied(request, code);
    }
    if (CallResults.isResult(request, e) || AwsErrorCodes.isInvalidRequest(e)) {
      return e;
    }
    // A missing table is an outage, except for the call that asks whether a table exists.
    var isKnown =
        AwsErrorCodes.isTransient(e)
            || ConflictRetry.isConflict(e)
            || AwsErrorCodes.isBusyTable(code)
            || e instanceof ResourceNotFoundException;
    return isKnown ? unavailable(e) : unexpected(request, e);
  }

  /** The log entry is complete, so the exception carries no cause: it would be logged again. */
  private static ApiException unexpected(DynamoDbRequest request, AwsServiceException e) {
    LOG.error(
        "DynamoDB failed unexpectedly at {} on {}: {}{}",
        operationOf(request),
        tableOf(request),
        AwsErrorCodes.describe(e),
        CallResults.cancellationCodes(e));
    return ApiException.ofRejectedCall(DATABASE_UNAVAILABLE, AwsErrorCodes.codeOf(e));
  }

  /**
   * AWS has denied the request: a bug, or an attack that reached layer 2. The response equals that
   * of an outage and reveals no more. The log entry is complete, so the exception carries no cause,
   * which an outer filter would log again.
   */
  private ApiException denied(DynamoDbRequest request, String code) {
    var operation = operationOf(request);
    var table = tableOf(request);
    var tenant = TenantContext.isBound() ? TenantContext.current().id().value() : "none";
    LOG.error("DynamoDB denied {} on {} for tenant {}: {}", operation, table, tenant, code);
    denials.denied(operation, table);
    return ApiException.ofRejectedCall(DATABASE_UNAVAILABLE, code);
  }

  /** The SDK names each request after its operation, such as {@code GetItemRequest}. */
  private static String operationOf(DynamoDbRequest request) {
    var name = request.getClass().getSimpleName();
    return name.substring(0, name.length() - "Request".length());
  }

  private static String tableOf(DynamoDbRequest request) {
    return request instanceof TransactWriteItemsRequest transaction
        ? transaction.transactItems().stream()
            .flatMap(ErrorMappingDynamo::tablesOf)
            .distinct()
            .collect(Collectors.joining(", "))
        : request.getValueForField("TableName", String.class).orElse("");
  }

  private static Stream<String> tablesOf(TransactWriteItem item) {
    return Stream.of(
            Optional.ofNullable(item.put()).map(Put::tableName),
            Optional.ofNullable(item.update()).map(Update::tableName),
            Optional.ofNullable(item.delete()).map(Delete::tableName))
        .flatMap(Optional::stream);
  }

  /**
   * The exceptions of DynamoDB that are results of a call, and that its caller handles. The same
   * exception is no result of a call that cannot cause it, such as a failed condition of a request
   * without one.
   */
  private static final class CallResults {
    /** The code of a cancellation reason: the transaction contains an invalid write. */
    private static final String INVALID = "ValidationError";

    private CallResults() {}

    /** Returns whether the exception is a result of the request. */
    static boolean isResult(DynamoDbRequest request, AwsServiceException e) {
      return switch (e) {
        case ConditionalCheckFailedException _ -> hasCondition(request);
        case TransactionCanceledException cancelled ->
            request instanceof TransactWriteItemsRequest transaction
                && isResult(transaction, cancelled);
        case ResourceInUseException _ -> request instanceof CreateTableRequest;
        case ResourceNotFoundException _ -> request instanceof DescribeTableRequest;
        case ContinuousBackupsUnavailableException _ ->
            request instanceof UpdateContinuousBackupsRequest;
        default -> false;
      };
    }

    private static boolean hasCondition(DynamoDbRequest request) {
      return request.getValueForField("ConditionExpression", String.class).isPresent();
    }

    /** A caller finds its write by the position of the reason, so each write must have one. */
    private static boolean isResult(
        TransactWriteItemsRequest request, TransactionCanceledException e) {
      var codes = codes(e);
      return codes.size() == request.transactItems().size()
          && (codes.contains(ConflictRetry.CONDITION_FAILED) || codes.contains(INVALID));
    }

    private static List<String> codes(TransactionCanceledException e) {
      return e.cancellationReasons().stream()
          .map(CancellationReason::code)
          .map(code -> Objects.requireNonNullElse(code, ""))
          .toList();
    }

    /** Returns the reasons of a cancelled transaction for the log; empty for any other failure. */
    static String cancellationCodes(AwsServiceException e) {
      return e instanceof TransactionCanceledException cancelled ? " " + codes(cancelled) : "";
    }
  }
}
