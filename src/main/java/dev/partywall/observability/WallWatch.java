package dev.partywall.observability;

import dev.partywall.tenancy.TenantContext;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Puts every refusal of the wall into the audit: AWS did not let a tenant's call through. */
public final class WallWatch implements ExecutionInterceptor {
  private static final String DENIED = "AccessDeniedException";

  private final AuditTrail trail;

  /** Tells {@code trail}. */
  public WallWatch(AuditTrail trail) {
    this.trail = trail;
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    if (TenantContext.isBound() && isDenied(context.exception())) {
      trail.wall(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), table(context));
    }
  }

  private static boolean isDenied(Throwable failure) {
    return failure instanceof AwsServiceException refused
        && refused.awsErrorDetails() != null
        && DENIED.equals(refused.awsErrorDetails().errorCode());
  }

  private static String table(Context.FailedExecution context) {
    return context.request().getValueForField("TableName", String.class).orElse("several items");
  }
}
