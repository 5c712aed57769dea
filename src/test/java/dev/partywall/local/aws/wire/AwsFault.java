package dev.partywall.local.aws.wire;

/**
 * Thrown to reject a request. The frontend writes the error in the format of the called service.
 */
public final class AwsFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final AwsErrorCode code;

  /** Creates a fault in the wording of AWS. */
  public AwsFault(AwsErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  /** Returns the AWS error code. */
  public AwsErrorCode code() {
    return code;
  }

  /** Returns a fault for invalid parameters. */
  public static AwsFault validation(String message) {
    return new AwsFault(AwsErrorCode.VALIDATION, message);
  }
}
