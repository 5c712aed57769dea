package dev.partywall.attack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Checks every log line of this process. A tenant's canary may appear only in a line of the same
 * tenant, as a user name.
 */
final class LogProbe implements Consumer<String> {
  private static final JsonMapper JSON = new JsonMapper();

  private final Canaries canaries;
  private final Findings findings;
  private final LongAdder lineCount = new LongAdder();
  private final LongAdder ownTenantLines = new LongAdder();

  LogProbe(Canaries canaries, Findings findings) {
    this.canaries = canaries;
    this.findings = findings;
  }

  @Override
  public void accept(String line) {
    lineCount.increment();
    // Most lines contain no canary, and this check is cheaper than parsing the line.
    if (line.contains("cnry")) {
      var foreign = canaries.canariesIn(line, tenant(line));
      if (foreign.isEmpty()) {
        ownTenantLines.increment();
      }
      findings.reportLeaks("a log line", foreign);
    }
  }

  /** Returns the number of lines. */
  long lineCount() {
    return lineCount.sum();
  }

  /**
   * Returns the number of lines with their own tenant's canary: proof that canaries are detected.
   */
  long ownTenantLines() {
    return ownTenantLines.sum();
  }

  private static String tenant(String line) {
    try {
      return JSON.readTree(line).path("tenant").asText();
    } catch (JsonProcessingException _) {
      return ""; // a line without a tenant; another test checks the format
    }
  }
}
