package dev.partywall.isolation;

import org.jspecify.annotations.Nullable;

/** No tenant credentials could be issued. */
public final class IssuingFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureReason reason;

  /** The cause of the failure. */
  public enum FailureReason {
    /** STS does not respond, or not in time. */
    UNAVAILABLE,
    /** STS throttles the calls. */
    THROTTLED,
    /** STS rejects the call until an operator corrects the roles or the policy. */
    REJECTED,
    /** The response is none of STS: a proxy has sent it, or a later release of STS. */
    UNEXPECTED,
    /** This instance cannot read the registry, and does not know whether the tenant is active. */
    REGISTRY_UNAVAILABLE;

    /** Returns whether an operator must find the cause. Any other failure ends by itself. */
    boolean needsOperator() {
      return this == REJECTED || this == UNEXPECTED;
    }
  }

  /**
   * Creates an exception.
   *
   * @param detail describes the failure, such as its error code
   */
  public IssuingFailedException(FailureReason reason, String detail, @Nullable Throwable cause) {
    super("no tenant credentials could be issued: " + reason + ", " + detail, cause);
    this.reason = reason;
  }

  /** Creates an exception without a cause: STS was not called. */
  IssuingFailedException(FailureReason reason) {
    this(reason, "no call", null);
  }

  /** Returns the cause of the failure. */
  public FailureReason reason() {
    return reason;
  }
}
