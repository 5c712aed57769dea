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

  /** Returns whether AWS rejected the credentials themselves, before it executed the call. */
  public static boolean isRejectionOfCredentials(String code) {
    return REJECTED_CREDENTIALS.contains(code);
  }

  /** Returns whether AWS denied the call because of its credentials, permissions or signature. */
  public static boolean isDenial(String code) {
    return isRejectionOfCredentials(code) || FORBIDDEN_CALLS.contains(code);
  }
}
