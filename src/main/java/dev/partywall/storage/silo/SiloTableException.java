package dev.partywall.storage.silo;

/**
 * The table of a silo cannot be created until an operator changes a permission, a limit of the
 * account or the existing table. It has no stack trace, because it reports no defect.
 */
public final class SiloTableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  SiloTableException(String reason, Throwable cause) {
    super(reason, cause, false, false);
    this.reason = reason;
  }

  SiloTableException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** Returns the reason for operators. */
  public String reason() {
    return reason;
  }
}
