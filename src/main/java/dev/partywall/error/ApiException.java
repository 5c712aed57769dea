package dev.partywall.error;

import dev.partywall.http.filters.ProblemDetailsFilter;

/**
 * Carries a {@link ApiError} to {@link ProblemDetailsFilter}. It has no stack trace, because it
 * reports no defect.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  /** Rejects the request for this reason. */
  public ApiException(ApiError refusal) {
    super(refusal.getClass().getSimpleName(), null, false, false);
    this.error = refusal;
  }

  /**
   * Rejects the request for this reason. {@code cause} appears in the log, never in the response.
   */
  public ApiException(ApiError refusal, Throwable cause) {
    super(refusal.getClass().getSimpleName(), cause, false, false);
    this.error = refusal;
  }

  /** Returns the reason for the rejection. */
  public ApiError error() {
    return error;
  }
}
