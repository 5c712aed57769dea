package dev.partywall.storage.silo;

import java.util.function.LongSupplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;

/**
 * Sends no {@code CreateTable} after the deadline in its request. A process that is stopped before
 * it sends the call, and continues after the tenant is deleted, therefore creates no table.
 *
 * <p>The SDK signs a request before this check. If the process is stopped after the check, AWS
 * rejects the signature after <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">five minutes</a>.
 *
 * @param nanoTime the clock of the deadlines
 */
public record CreationDeadline(LongSupplier nanoTime) implements ExecutionInterceptor {
  private static final ExecutionAttribute<Long> DEADLINE =
      new ExecutionAttribute<>("CreationDeadline");

  /**
   * Returns the request with a deadline.
   *
   * @param deadline a value of {@link System#nanoTime}
   */
  public static CreateTableRequest with(CreateTableRequest request, long deadline) {
    return request.toBuilder()
        .overrideConfiguration(override -> override.putExecutionAttribute(DEADLINE, deadline))
        .build();
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes executionAttributes) {
    var deadline = executionAttributes.getAttribute(DEADLINE);
    if (deadline != null && nanoTime.getAsLong() - deadline > 0) {
      throw SdkClientException.create("The lease ended before the table was requested.");
    }
  }
}
