package dev.partywall.http;

/**
 * Carries a {@link Refusal} to {@link Problems}. It has no stack trace, because it reports no
 * defect.
 */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /** Rejects the request for this reason. */
  public Refused(Refusal refusal) {
    super(refusal.getClass().getSimpleName(), null, false, false);
    this.refusal = refusal;
  }

  /**
   * Rejects the request for this reason. {@code cause} appears in the log, never in the response.
   */
  public Refused(Refusal refusal, Throwable cause) {
    super(refusal.getClass().getSimpleName(), cause, false, false);
    this.refusal = refusal;
  }

  /** Returns the reason for the rejection. */
  public Refusal refusal() {
    return refusal;
  }
}
