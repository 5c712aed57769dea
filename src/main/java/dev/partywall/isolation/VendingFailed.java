package dev.partywall.isolation;

/** No tenant credentials could be issued. */
public final class VendingFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** The cause of the failure. */
  public enum Reason {
    /** STS does not respond, or not in time. */
    AWAY,
    /** STS throttles the calls. */
    THROTTLED,
    /** STS rejects the call until an operator corrects the roles or the policy. */
    REFUSED
  }

  /** Creates an exception with its reason. */
  public VendingFailed(Reason reason, Throwable cause) {
    super("no tenant credentials could be issued: " + reason, cause);
    this.reason = reason;
  }

  /** Returns the cause of the failure. */
  public Reason reason() {
    return reason;
  }
}
