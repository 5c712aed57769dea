package dev.partywall.local.aws.wire;

/**
 * Thrown to reject a request. The frontend writes the error in the format of the called service.
 */
public final class AwsFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Code code;

  /** Creates a fault in the wording of AWS. */
  public AwsFault(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** Returns the AWS error code. */
  public Code code() {
    return code;
  }

  /** Returns a fault for invalid parameters. */
  public static AwsFault validation(String message) {
    return new AwsFault(Code.VALIDATION, message);
  }
}
