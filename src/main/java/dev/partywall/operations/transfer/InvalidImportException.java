package dev.partywall.operations.transfer;

/** The file of an import is not a complete export. Its message is for the operator. */
final class InvalidImportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates the exception.
   *
   * @param line the number of the line, from 1
   * @param reason completes the sentence "Line 1 …"
   */
  InvalidImportException(long line, String reason) {
    super("Line " + line + " " + reason + ".");
  }

  /** Creates the exception for a file without a faulty line. */
  InvalidImportException(String sentence) {
    super(sentence);
  }
}
