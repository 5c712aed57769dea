package dev.partywall.http;

/** Carries a {@link Refusal} up to {@link Problems}. It is no fault of ours, so it has no stack. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /** The answer is no, for this reason. */
  public Refused(Refusal refusal) {
    super(refusal.getClass().getSimpleName(), null, false, false);
    this.refusal = refusal;
  }

  /** The answer is no, for this reason; {@code cause} is for the log, never for the caller. */
  public Refused(Refusal refusal, Throwable cause) {
    super(refusal.getClass().getSimpleName(), cause, false, false);
    this.refusal = refusal;
  }

  /** Why. */
  public Refusal refusal() {
    return refusal;
  }
}
