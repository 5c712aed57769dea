package dev.partywall.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllOutputTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void whatIsPrintedComesOutLineByLine() {
    try (var stream = LineStream.to(lines::add)) {
      stream.print("one ");
      stream.println("line");
      stream.println();
      stream.print("two\r\nthree\n");
      stream.print("unfinished");
    }
    assertEquals(List.of("one line", "two", "three"), lines);
  }

  @Test
  void aLineWithoutAnEndIsCutIntoPieces() {
    try (var stream = LineStream.to(lines::add)) {
      stream.write("x".repeat(20_000).getBytes(StandardCharsets.UTF_8), 0, 20_000);
    }
    assertEquals(List.of(8_192, 8_192), lines.stream().map(String::length).toList());
  }

  @Test
  void theServersOwnDebugLinesAreNeverMade() {
    // Held for the whole JVM by the listener that took the output over.
    var server = java.util.logging.Logger.getLogger("com.sun.net.httpserver");
    assertEquals(java.util.logging.Level.INFO, server.getLevel());
    assertFalse(System.getLogger("com.sun.net.httpserver").isLoggable(Level.DEBUG));
    assertTrue(System.getLogger("com.sun.net.httpserver").isLoggable(Level.INFO));
  }

  @Test
  void javaUtilLoggingIsBridgedWithItsParametersAndExceptions() {
    var record = new java.util.logging.LogRecord(java.util.logging.Level.WARNING, "{0} of {1}");
    record.setParameters(new Object[] {1, "two"});
    record.setThrown(new IllegalStateException("thrown"));
    record.setLoggerName("jul");
    var bridge = new JulBridge(captured.factory());
    bridge.publish(record);
    var line = captured.line();
    assertEquals("1 of two", line.get("message").textValue());
    assertEquals("jul", line.get("logger").textValue());
    assertEquals("WARN", line.get("level").textValue());
    assertEquals("thrown", line.get("exception").get("message").textValue());
  }

  private final CapturedLog captured = new CapturedLog();
}
