package dev.partywall.error;

import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** The error codes of AWS. They are read and classified here only. */
public final class AwsErrorCodes {
  /** The credentials have expired, or AWS does not know them. New credentials may be accepted. */
  private static final Set<String> REJECTED_CREDENTIALS =
      Set.of("ExpiredTokenException", "UnrecognizedClientException");

  /** The credentials do not permit the call, or the call is not signed correctly. */
  private static final Set<String> FORBIDDEN_CALLS =
      Set.of(
          "AccessDeniedException",
          "IncompleteSignatureException",
          "InvalidSignatureException",
          "MissingAuthenticationTokenException");

  /** This service has built a wrong request, which fails again when it is repeated. */
  private static final Set<String> INVALID_REQUESTS =
      Set.of("SerializationException", "UnknownOperationException", "ValidationException");

  /** STS rejects the role, the policy or the credentials until an operator corrects them. */
  private static final Set<String> REJECTIONS_OF_STS =
      Set.of(
          "AccessDenied",
          "ExpiredToken",
          "InvalidClientTokenId",
          "MalformedPolicyDocument",
          "PackedPolicyTooLarge",
          "RegionDisabledException",
          "SignatureDoesNotMatch",
          "ValidationError");

  /** A repetition fails until an operator changes a permission. The first code is of STS. */
  private static final Set<String> PERMANENT_REJECTIONS =
      Set.of("AccessDenied", "AccessDeniedException");

  /**
   * DynamoDB creates, changes or deletes the table at the moment, or too many tables of the
   * account. The second code also means that the account has too many tables.
   */
  private static final Set<String> BUSY_TABLES =
      Set.of("ResourceInUseException", "LimitExceededException");

  private AwsErrorCodes() {}

  /**
   * Returns the error code of a failure, such as {@code ThrottlingException}. Returns an empty
   * string if it has none: only AWS sets a code, proxies and load balancers do not.
   */
  public static String codeOf(Throwable failure) {
    if (failure instanceof AwsServiceException error
        && error.awsErrorDetails() != null
        && error.awsErrorDetails().errorCode() != null) {
      return error.awsErrorDetails().errorCode();
    }
    return "";
  }

  /** Returns the error code and the HTTP status of a failure, for the log. */
  public static String describe(AwsServiceException failure) {
    var code = codeOf(failure);
    return (code.isEmpty() ? "no error code" : code)
        + " (HTTP status "
        + failure.statusCode()
        + ")";
  }

  /** Returns whether the failure is an outage that ends by itself: throttling, or a 5xx status. */
  public static boolean isTransient(AwsServiceException failure) {
    return failure.isThrottlingException() || failure.statusCode() >= 500;
  }

  /** Returns whether DynamoDB rejected the call as invalid: this service has built it wrongly. */
  public static boolean isInvalidRequest(AwsServiceException failure) {
    return failure.statusCode() < 500 && INVALID_REQUESTS.contains(codeOf(failure));
  }

  /** Returns whether STS rejected the role, the session policy or the service's credentials. */
  public static boolean isRejectionOfSts(String code) {
    return REJECTIONS_OF_STS.contains(code);
  }

  /** Returns whether DynamoDB rejects a change of a table because of other changes of tables. */
  public static boolean isBusyTable(String code) {
    return BUSY_TABLES.contains(code);
  }

  /** Returns whether AWS rejects the call until an operator changes a permission. */
  public static boolean isPermanentRejection(String code) {
    return PERMANENT_REJECTIONS.contains(code);
  }

  /** Returns whether AWS rejected the credentials themselves, before it executed the call. */
  public static boolean isRejectionOfCredentials(String code) {
    return REJECTED_CREDENTIALS.contains(code);
  }

  /** Returns whether AWS denied the call because of its credentials, permissions or signature. */
  public static boolean isDenial(String code) {
    return isRejectionOfCredentials(code) || FORBIDDEN_CALLS.contains(code);
  }
}
