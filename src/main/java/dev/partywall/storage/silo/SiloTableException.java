package dev.partywall.storage.silo;

import org.jspecify.annotations.Nullable;

/**
 * The table of a silo cannot be created now. It has no stack trace, because it reports no defect.
 */
public final class SiloTableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final boolean isTemporary;

  private SiloTableException(String reason, @Nullable Throwable cause, boolean isTemporary) {
    super(reason, cause, false, false);
    this.reason = reason;
    this.isTemporary = isTemporary;
  }

  /** Creates a failure that lasts until an operator changes a permission or the table. */
  SiloTableException(String reason, Throwable cause) {
    this(reason, cause, false);
  }

  /** Creates a failure that lasts until an operator changes the table. */
  SiloTableException(String reason) {
    this(reason, null, false);
  }

  /** Returns a failure after which a repetition can succeed. */
  static SiloTableException temporary(String reason, Throwable cause) {
    return new SiloTableException(reason, cause, true);
  }

  /** Returns the reason for operators. */
  public String reason() {
    return reason;
  }

  /** Returns whether a repetition can succeed without an operator. */
  public boolean isTemporary() {
    return isTemporary;
  }
}
