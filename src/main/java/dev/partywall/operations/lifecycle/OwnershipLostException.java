package dev.partywall.operations.lifecycle;

/** Another owner executes the operation, or it has ended. This owner must not change anything. */
public final class OwnershipLostException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates the exception. */
  public OwnershipLostException() {
    super("the operation has another owner, or has ended");
  }
}
