package dev.partywall.isolation;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Reports writes without a definite result. DynamoDB may execute such a write after the client has
 * abandoned it.
 *
 * @param listener is called on the thread of the call; must be fast and must not throw
 */
public record UnknownResultInterceptor(Runnable listener) implements ExecutionInterceptor {
  private static final int REJECTED = 400;

  @Override
  public void onExecutionFailure(
      Context.FailedExecution context, ExecutionAttributes executionAttributes) {
    if (isWrite(context.request()) && !isRejected(context.exception())) {
      listener.run();
    }
  }

  /** A table that is created late could be that of a deleted tenant. */
  private static boolean isWrite(SdkRequest request) {
    return request instanceof TransactWriteItemsRequest || request instanceof CreateTableRequest;
  }

  /** An earlier attempt of a throttled call may have got no response. */
  private static boolean isRejected(Throwable failure) {
    return failure instanceof AwsServiceException e
        && e.statusCode() == REJECTED
        && !e.isThrottlingException();
  }
}
