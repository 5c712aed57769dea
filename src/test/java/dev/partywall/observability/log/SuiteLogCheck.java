package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test class that ends next after {@link SuiteLog} has received an invalid line, which
 * can be a line of another class. JUnit registers this extension for all test classes.
 */
public final class SuiteLogCheck implements AfterAllCallback {
  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    checkLines();
  }

  /** Checks every line since the previous call, including those that are not written yet. */
  static void checkLines() throws InterruptedException {
    assertTrue(
        JsonLogProvider.installedFactory().flush(Duration.ofSeconds(30)),
        "the log was not flushed in time");
    assertEquals(List.of(), SuiteLog.takeFaults(), "invalid log lines");
  }
}
