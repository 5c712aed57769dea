package dev.partywall.error;

import java.util.List;

/**
 * Carries an {@link ApiError} to {@code ProblemDetailsFilter}. It has no stack trace, because it
 * reports no defect.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  /** Rejects the request for this reason. */
  public ApiException(ApiError error) {
    super(error.getClass().getSimpleName(), null, false, false);
    this.error = error;
  }

  /**
   * Rejects the request for this reason. {@code cause} appears in the log, never in the response.
   */
  public ApiException(ApiError error, Throwable cause) {
    super(error.getClass().getSimpleName(), cause, false, false);
    this.error = error;
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

  /** Returns the reason for the rejection. */
  public ApiError error() {
    return error;
  }
}
