package dev.partywall.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries an {@link ApiError} to {@code ProblemDetailsFilter}. It has no stack trace, because it
 * reports no defect.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;
  private final String rejectionCode;

  /** Rejects the request for this reason. */
  public ApiException(ApiError error) {
    this(error, null, "");
  }

  /**
   * Rejects the request for this reason. {@code cause} appears in the log, never in the response.
   */
  public ApiException(ApiError error, Throwable cause) {
    this(error, cause, "");
  }

  private ApiException(ApiError error, @Nullable Throwable cause, String rejectionCode) {
    super(error.getClass().getSimpleName(), cause, false, false);
    this.error = error;
    this.rejectionCode = rejectionCode;
  }

  /**
   * Returns the failure of a call that AWS rejected. It has no cause, because the rejection is in
   * the log already.
   *
   * @param code the error code of AWS, such as {@code AccessDeniedException}; empty if unknown
   */
  public static ApiException ofRejectedCall(ApiError error, String code) {
    return new ApiException(error, null, code);
  }

  /** Returns the rejection of a request for a resource that does not exist. */
  public static ApiException notFound() {
    return new ApiException(new ApiError.NotFound());
  }

  /**
   * Returns the rejection of a query parameter.
   *
   * @param rule the permitted values, such as {@code a number from 1 to 100}
   */
  public static ApiException invalidParameter(String name, String rule) {
    var fault = new ApiError.ParameterFault(name, "must be " + rule);
    return new ApiException(ApiError.Malformed.of(List.of(fault)));
  }

  /** Returns the error code with which AWS rejected a call; empty for any other failure. */
  public String rejectionCode() {
    return rejectionCode;
  }

  /** Returns the reason for the rejection. */
  public ApiError error() {
    return error;
  }
}
