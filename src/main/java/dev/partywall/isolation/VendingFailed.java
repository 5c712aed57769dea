package dev.partywall.isolation;

/** There are no credentials to be had. */
public final class VendingFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why. */
  public enum Reason {
    /** STS does not answer, or not in time. */
    AWAY,
    /** STS has had too many calls. */
    THROTTLED,
    /** STS says no, and will say so until somebody mends the roles or the policy. */
    REFUSED
  }

  /** For this reason. */
  public VendingFailed(Reason reason, Throwable cause) {
    super("no tenant credentials: " + reason, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
