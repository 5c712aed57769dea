package dev.partywall.runtime;

/** Describes a failure of the AWS SDK in one line for an operator. */
final class AwsFaultText {
  /** The start of the list of classes in the message of an SDK chain that found no value. */
  private static final String CHAIN = " from any of the providers in the chain";

  private AwsFaultText() {}

  /** Returns the message of the failure in one line, without the SDK's lists of classes. */
  static String of(Throwable failure) {
    var message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    var chain = message.indexOf(CHAIN);
    if (chain >= 0) {
      return message.substring(0, chain)
          + ": neither the environment nor the AWS profile nor the metadata of the instance or"
          + " container contains one";
    }
    return message.lines().findFirst().orElse("").strip();
  }
}
