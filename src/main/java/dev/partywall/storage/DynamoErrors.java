package dev.partywall.storage;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.TenantContext;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Maps exceptions of DynamoDB and the SDK to API errors. No other class does. Exceptions caused by
 * a bug, such as a request that DynamoDB rejects as invalid, are rethrown unchanged.
 */
public final class DynamoErrors {
  private static final Logger LOG = LoggerFactory.getLogger(DynamoErrors.class);
  private static final ApiError DATABASE_UNAVAILABLE =
      new ApiError.Unavailable("The database is temporarily unavailable.", Duration.ofSeconds(2));

  /** Error codes for rejected credentials, or credentials that do not permit the request. */
  private static final Set<String> DENIALS =
      Set.of(
          "AccessDeniedException",
          "ExpiredTokenException",
          "IncompleteSignatureException",
          "InvalidSignatureException",
          "MissingAuthenticationTokenException",
          "UnrecognizedClientException");

  private DynamoErrors() {}

  /**
   * Makes a call to DynamoDB.
   *
   * @throws ApiException with {@link ApiError.Unavailable} when DynamoDB or the credentials are
   *     unavailable
   */
  public static <T> T call(String operation, String table, Supplier<T> call) {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      throw mapped(operation, table, e);
    } catch (SdkClientException e) {
      // No response, no connection, no credentials, or an interrupt after the request timeout.
      throw unavailable(e);
    }
  }

  static ApiException unavailable(Throwable cause) {
    return new ApiException(DATABASE_UNAVAILABLE, cause);
  }

  static ApiException unavailable() {
    return new ApiException(DATABASE_UNAVAILABLE);
  }

  private static RuntimeException mapped(String operation, String table, AwsServiceException e) {
    var code = codeOf(e);
    if (DENIALS.contains(code)) {
      return denied(operation, table, code);
    }
    var isTransient = e.isThrottlingException() || e.statusCode() >= 500;
    return isTransient || code.equals("ResourceNotFoundException") ? unavailable(e) : e;
  }

  /**
   * Returns the error code, or an empty string: responses of proxies and load balancers have none.
   */
  private static String codeOf(AwsServiceException e) {
    var details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  /**
   * IAM has denied the request: a bug, or an attack that reached layer 2. The response equals that
   * of an outage and reveals no more. The log entry is complete, so the exception carries no cause,
   * which an outer filter would log again.
   */
  private static ApiException denied(String operation, String table, String code) {
    var tenant = TenantContext.isBound() ? TenantContext.current().id().value() : "none";
    LOG.error("DynamoDB denied {} on {} for tenant {}: {}", operation, table, tenant, code);
    return unavailable();
  }
}
