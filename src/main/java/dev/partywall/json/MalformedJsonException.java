package dev.partywall.json;

/** An input that is not exactly one JSON value. The message never quotes the input. */
public final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param predicate the sentence without its subject, such as {@code is not JSON: line 1, column
   *     3}
   */
  MalformedJsonException(String predicate) {
    super(predicate);
  }

  /** Returns the message as a sentence with a subject, such as {@code The request body}. */
  public String sentence(String subject) {
    return subject + " " + getMessage() + ".";
  }
}
