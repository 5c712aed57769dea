package dev.partywall.json;

/** An input that is not exactly one JSON value. The message never quotes the input. */
public final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates it with a predicate as its message, such as {@code is not JSON: line 1, column 3}. */
  MalformedJsonException(String predicate) {
    super(predicate);
  }

  /** Returns the message as a sentence about its subject, such as {@code The request body}. */
  public String sentence(String subject) {
    return subject + " " + getMessage() + ".";
  }
}
