package dev.partywall.storage;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsDescription;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateContinuousBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveResponse;

/**
 * Requests the consumed capacity of the table and its indexes on every call, and treats a response
 * without it as a lost response. Any member of a response of DynamoDB is optional, so an empty
 * response of a proxy would otherwise mean that an item does not exist, or that a write succeeded.
 * The SDK repeats such a call.
 */
final class CompleteResponses implements ExecutionInterceptor {
  private static final ReturnConsumedCapacity TOTAL = ReturnConsumedCapacity.TOTAL;

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    return switch (context.request()) {
      case GetItemRequest get -> get.toBuilder().returnConsumedCapacity(TOTAL).build();
      case QueryRequest query -> query.toBuilder().returnConsumedCapacity(TOTAL).build();
      case PutItemRequest put -> put.toBuilder().returnConsumedCapacity(TOTAL).build();
      case UpdateItemRequest update -> update.toBuilder().returnConsumedCapacity(TOTAL).build();
      case DeleteItemRequest delete -> delete.toBuilder().returnConsumedCapacity(TOTAL).build();
      case TransactWriteItemsRequest write ->
          write.toBuilder().returnConsumedCapacity(TOTAL).build();
      case SdkRequest other -> other;
    };
  }

  /**
   * Checks the response.
   *
   * @throws RetryableException if it lacks a member that DynamoDB always returns
   */
  @Override
  public void afterUnmarshalling(
      Context.AfterUnmarshalling context, ExecutionAttributes attributes) {
    if (!isComplete(context.response())) {
      throw RetryableException.create("the response of DynamoDB is incomplete");
    }
  }

  private static boolean isComplete(SdkResponse response) {
    return switch (response) {
      case GetItemResponse get -> isPresent(get.consumedCapacity());
      case QueryResponse query -> isComplete(query);
      case PutItemResponse put -> isPresent(put.consumedCapacity());
      case UpdateItemResponse update -> isPresent(update.consumedCapacity());
      case DeleteItemResponse delete -> isPresent(delete.consumedCapacity());
      case TransactWriteItemsResponse write -> arePresent(write.consumedCapacity());
      case DescribeTableResponse describe -> isPresent(describe.table());
      case CreateTableResponse create -> isPresent(create.tableDescription());
      case DescribeTimeToLiveResponse describe ->
          describe.timeToLiveDescription() != null
              && describe.timeToLiveDescription().timeToLiveStatus() != null;
      case UpdateTimeToLiveResponse update -> update.timeToLiveSpecification() != null;
      case UpdateTableResponse update -> isPresent(update.tableDescription());
      case DeleteTableResponse delete -> delete.tableDescription() != null;
      case DescribeContinuousBackupsResponse describe ->
          isPresent(describe.continuousBackupsDescription());
      case UpdateContinuousBackupsResponse update ->
          isPresent(update.continuousBackupsDescription());
      default -> true; // no other operation is called
    };
  }

  /** A query that only counts returns no items. */
  private static boolean isComplete(QueryResponse query) {
    return isPresent(query.consumedCapacity())
        && query.count() != null
        && query.scannedCount() != null
        && (!query.hasItems() || query.items().size() == query.count());
  }

  private static boolean isPresent(@Nullable ConsumedCapacity capacity) {
    return capacity != null && capacity.capacityUnits() != null;
  }

  private static boolean arePresent(List<ConsumedCapacity> tables) {
    return !tables.isEmpty() && tables.stream().allMatch(CompleteResponses::isPresent);
  }

  private static boolean isPresent(@Nullable TableDescription table) {
    return table != null
        && Stream.of(table.tableName(), table.tableStatus(), table.itemCount())
            .allMatch(Objects::nonNull);
  }

  private static boolean isPresent(@Nullable ContinuousBackupsDescription backups) {
    return backups != null && backups.continuousBackupsStatus() != null;
  }
}
