package dev.partywall.bench.jmh;

import dev.partywall.observability.log.JsonLogProvider;
import dev.partywall.observability.log.JsonLoggerFactory;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The product's log with discarded output: lines are formatted, queued and written by the log
 * thread, as in the service.
 */
public final class DiscardedOutput {
  private DiscardedOutput() {}

  /**
   * Installs and returns the log. Call this before loading a class that logs: the log writes to the
   * standard output of the moment at which slf4j loads its provider.
   */
  public static JsonLoggerFactory install() {
    var out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      return JsonLogProvider.installedFactory();
    } finally {
      System.setOut(out);
    }
  }
}
