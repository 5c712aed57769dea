package dev.partywall.local.aws.wire;

/** A request that is refused; the front door writes it as the service that was asked would. */
public final class AwsFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Code code;

  /** A refusal with AWS's wording. */
  public AwsFault(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** What AWS calls it. */
  public Code code() {
    return code;
  }

  /** A request whose parameters do not hold. */
  public static AwsFault validation(String message) {
    return new AwsFault(Code.VALIDATION, message);
  }
}
