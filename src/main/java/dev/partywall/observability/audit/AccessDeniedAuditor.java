package dev.partywall.observability.audit;

import dev.partywall.tenancy.TenantContext;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Audits every call with tenant credentials that IAM denies. */
public final class AccessDeniedAuditor implements ExecutionInterceptor {
  private static final String ACCESS_DENIED = "AccessDeniedException";

  private final AuditLog auditLog;

  /** Writes entries to {@code auditLog}. */
  public AccessDeniedAuditor(AuditLog auditLog) {
    this.auditLog = auditLog;
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    if (TenantContext.isBound() && isDenied(context.exception())) {
      auditLog.recordAccessDenied(
          attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), table(context));
    }
  }

  private static boolean isDenied(Throwable failure) {
    return failure instanceof AwsServiceException error
        && error.awsErrorDetails() != null
        && ACCESS_DENIED.equals(error.awsErrorDetails().errorCode());
  }

  private static String table(Context.FailedExecution context) {
    return context.request().getValueForField("TableName", String.class).orElse("several items");
  }
}
