package dev.partywall.metering;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown if the journal's folder cannot be used, which prevents the start. The message addresses
 * the operator.
 */
public final class JournalUnusable extends Exception {
  private static final long serialVersionUID = 1L;

  JournalUnusable(String message) {
    super(message);
  }

  private JournalUnusable(String message, Throwable cause) {
    super(message, cause);
  }

  static JournalUnusable unwritable(Path folder, IOException cause) {
    return new JournalUnusable("Cannot write to the folder " + folder + " (" + cause + ")", cause);
  }
}
