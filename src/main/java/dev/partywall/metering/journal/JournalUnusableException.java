package dev.partywall.metering.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown if the journal's folder cannot be used, which prevents the start. The message addresses
 * the operator.
 */
public final class JournalUnusableException extends Exception {
  private static final long serialVersionUID = 1L;

  JournalUnusableException(String message) {
    super(message);
  }

  private JournalUnusableException(String message, Throwable cause) {
    super(message, cause);
  }

  static JournalUnusableException unwritable(Path folder, IOException cause) {
    return new JournalUnusableException(
        "Cannot write to the folder " + folder + " (" + cause + ")", cause);
  }
}
