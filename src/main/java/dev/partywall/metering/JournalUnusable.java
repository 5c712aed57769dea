package dev.partywall.metering;

import java.io.IOException;
import java.nio.file.Path;

/** The journal's folder can't be used: a reason not to start. The message is for the operator. */
public final class JournalUnusable extends Exception {
  private static final long serialVersionUID = 1L;

  JournalUnusable(String message) {
    super(message);
  }

  private JournalUnusable(String message, Throwable cause) {
    super(message, cause);
  }

  static JournalUnusable unwritable(Path folder, IOException cause) {
    return new JournalUnusable("can't write to the folder " + folder + " (" + cause + ")", cause);
  }
}
