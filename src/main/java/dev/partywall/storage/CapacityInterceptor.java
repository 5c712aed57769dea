package dev.partywall.storage;

import java.util.List;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * Reports the consumed capacity of the table and its indexes to a listener. As an interceptor of
 * the client it covers every call. {@link CompleteResponses} requests the capacity, and requires
 * it.
 *
 * <p>Rejected calls are not counted: a transaction with a failed condition consumes units, but the
 * error response does not contain the number.
 */
public final class CapacityInterceptor implements ExecutionInterceptor {
  private final CapacityListener listener;

  /** Creates an interceptor that reports to this listener. */
  public CapacityInterceptor(CapacityListener listener) {
    this.listener = listener;
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    switch (context.response()) {
      case GetItemResponse get -> listener.consumed(thousandths(get.consumedCapacity()), 0);
      case QueryResponse query -> listener.consumed(thousandths(query.consumedCapacity()), 0);
      case TransactWriteItemsResponse write -> reportWrite(write.consumedCapacity());
      default -> {
        // No operation that the service performs for a tenant.
      }
    }
  }

  private void reportWrite(List<ConsumedCapacity> tables) {
    listener.consumed(0, tables.stream().mapToLong(CapacityInterceptor::thousandths).sum());
  }

  /** DynamoDB counts in half units, so rounding loses nothing. */
  private static long thousandths(ConsumedCapacity capacity) {
    return Math.round(capacity.capacityUnits() * 1000);
  }
}
