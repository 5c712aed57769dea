package dev.partywall.attack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Listens to every line that this process writes: a tenant's canary may stand on a line of its own
 * tenant's, as the name of a user, and nowhere else.
 */
final class Ear implements Consumer<String> {
  private static final JsonMapper JSON = new JsonMapper();

  private final Canaries canaries;
  private final Findings findings;
  private final LongAdder lines = new LongAdder();
  private final LongAdder own = new LongAdder();

  Ear(Canaries canaries, Findings findings) {
    this.canaries = canaries;
    this.findings = findings;
  }

  @Override
  public void accept(String line) {
    lines.increment();
    // Most lines hold none: to look for that is cheaper than to read them.
    if (line.contains("cnry")) {
      var foreign = canaries.foreignStrings(line, tenant(line));
      if (foreign.isEmpty()) {
        own.increment();
      }
      findings.seen("a log line", foreign);
    }
  }

  /** How many lines there were. */
  long lines() {
    return lines.sum();
  }

  /** How many held a canary that may stand there: proof that one would be heard. */
  long own() {
    return own.sum();
  }

  private static String tenant(String line) {
    try {
      return JSON.readTree(line).path("tenant").asText();
    } catch (JsonProcessingException _) {
      return ""; // nobody's line; its form is held elsewhere
    }
  }
}
