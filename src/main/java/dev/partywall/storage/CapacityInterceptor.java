package dev.partywall.storage;

import java.util.List;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * Asks on every call what it consumed, in the table and its indexes, and passes the answer on. It
 * belongs to the client, so that no call can be made which forgets to ask.
 *
 * <p>What DynamoDB does not tell is not known here: a call that it refuses, such as a transaction
 * whose condition did not hold, consumes units too, but its answer does not say how many.
 */
public final class CapacityInterceptor implements ExecutionInterceptor {
  private static final ReturnConsumedCapacity TOTAL = ReturnConsumedCapacity.TOTAL;

  private final CapacityListener listener;

  /** Tells that listener. */
  public CapacityInterceptor(CapacityListener listener) {
    this.listener = listener;
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    return switch (context.request()) {
      case GetItemRequest get -> get.toBuilder().returnConsumedCapacity(TOTAL).build();
      case QueryRequest query -> query.toBuilder().returnConsumedCapacity(TOTAL).build();
      case TransactWriteItemsRequest write ->
          write.toBuilder().returnConsumedCapacity(TOTAL).build();
      case SdkRequest other -> other;
    };
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    switch (context.response()) {
      case GetItemResponse get -> listener.consumed(thousandths(get.consumedCapacity()), 0);
      case QueryResponse query -> listener.consumed(thousandths(query.consumedCapacity()), 0);
      case TransactWriteItemsResponse write -> written(write.consumedCapacity());
      default -> {
        // Nothing that is asked on a tenant's behalf.
      }
    }
  }

  private void written(List<ConsumedCapacity> tables) {
    listener.consumed(0, tables.stream().mapToLong(CapacityInterceptor::thousandths).sum());
  }

  /** DynamoDB counts in halves of a unit, so nothing is rounded away here. */
  private static long thousandths(ConsumedCapacity capacity) {
    return capacity == null ? 0 : Math.round(capacity.capacityUnits() * 1000);
  }
}
