package dev.partywall.storage.silo;

/**
 * The table of a silo cannot be created until an operator changes a permission, a limit of the
 * account or the existing table. The message states the reason for operators. It has no stack
 * trace, because it reports no defect.
 */
public final class SiloTableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SiloTableException(String reason, Throwable cause) {
    super(reason, cause, false, false);
  }

  SiloTableException(String reason) {
    super(reason, null, false, false);
  }
}
