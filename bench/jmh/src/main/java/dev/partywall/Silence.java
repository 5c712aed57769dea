package dev.partywall;

import dev.partywall.observability.JsonLoggerFactory;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The product's own log, whose lines go nowhere: they are made, queued and written by the thread
 * that does so in the service, to a stream that takes everything.
 */
public final class Silence {
  private Silence() {}

  /**
   * The log. To be called before any class is touched that logs: its output is what standard output
   * is at the moment at which slf4j finds its provider.
   */
  public static JsonLoggerFactory log() {
    var out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      return JsonLoggerFactory.installed();
    } finally {
      System.setOut(out);
    }
  }
}
