package dev.partywall.isolation;

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
    REJECTED
  }

  /** Creates an exception with its reason. */
  public IssuingFailedException(FailureReason reason, Throwable cause) {
    super("no tenant credentials could be issued: " + reason, cause);
    this.reason = reason;
  }

  /** Returns the cause of the failure. */
  public FailureReason reason() {
    return reason;
  }
}
