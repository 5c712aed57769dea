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
    /** This instance cannot read the registry, and does not know whether the tenant is active. */
    REGISTRY_UNAVAILABLE
  }

  /** Creates an exception with its reason. */
  public IssuingFailedException(FailureReason reason, @Nullable Throwable cause) {
    super("no tenant credentials could be issued: " + reason, cause);
    this.reason = reason;
  }

  /** Creates an exception without a cause: STS was not called. */
  IssuingFailedException(FailureReason reason) {
    this(reason, null);
  }

  /** Returns the cause of the failure. */
  public FailureReason reason() {
    return reason;
  }
}
