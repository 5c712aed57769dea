package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("compares all lines of loggers that other code uses")
class ProcessOutputTest {
  private final List<String> lines = new ArrayList<>();
  private final CapturedLog captured = new CapturedLog();

  @Test
  void logsEachPrintedLine() {
    try (var stream = ProcessOutput.LogPrintStream.create(lines::add)) {
      stream.print("one ");
      stream.println("line");
      stream.println();
      stream.print("two\r\nthree\n");
      stream.print("unfinished");
    }
    assertEquals(List.of("one line", "two", "three"), lines);
  }

  @Test
  void splitsLongLines() {
    try (var stream = ProcessOutput.LogPrintStream.create(lines::add)) {
      stream.write("x".repeat(20_000).getBytes(StandardCharsets.UTF_8), 0, 20_000);
    }
    assertEquals(List.of(8_192, 8_192), lines.stream().map(String::length).toList());
  }

  @Test
  void neverCreatesDebugRecordsOfTheJdkServer() throws Exception {
    var root = Logger.getLogger("");
    var level = root.getLevel();
    var recorder = new RecordingHandler();
    root.addHandler(recorder);
    root.setLevel(java.util.logging.Level.ALL);
    try (var server = new TelemetryServer()) {
      server.uri("/things/7").toURL().openStream().close();
    } finally {
      root.setLevel(level);
      root.removeHandler(recorder);
    }
    assertFalse(recorder.loggers.isEmpty());
    assertFalse(recorder.loggers.contains("com.sun.net.httpserver"));
  }

  @Test
  void writesARecordOfJavaUtilLoggingAsOneLine() throws Exception {
    var record = new LogRecord(java.util.logging.Level.WARNING, "{0} of {1}");
    record.setParameters(new Object[] {1, "two"});
    record.setThrown(new IllegalStateException("thrown"));
    record.setLoggerName("jul.record");
    var written = processLines("jul.record", () -> Logger.getLogger("jul.record").log(record));
    assertEquals(1, written.size());
    var line = written.getFirst();
    assertEquals("1 of two", line.get("message").textValue());
    assertEquals("WARN", line.get("level").textValue());
    assertEquals("thrown", line.get("exception").get("message").textValue());
  }

  @Test
  void writesRecordsOfJavaUtilLoggingAtTheLevelsOfSlf4j() throws Exception {
    var logger = Logger.getLogger("jul.levels");
    var written =
        processLines(
            "jul.levels",
            () -> {
              logger.severe("severe");
              logger.info("info {}");
              logger.fine("below the level of the suite");
            });
    assertEquals(
        List.of("ERROR severe", "INFO info {}"),
        written.stream()
            .map(line -> line.get("level").textValue() + " " + line.get("message").textValue())
            .toList());
  }

  @Test
  void logsUncaughtExceptions() throws Exception {
    var thread =
        Thread.ofVirtual()
            .name("failing")
            .uncaughtExceptionHandler(
                ProcessOutput.uncaughtExceptionHandler(captured.logger("uncaught")))
            .start(() -> {
              throw new IllegalStateException("not caught");
            });
    thread.join();
    var line = captured.singleLine();
    assertEquals("Uncaught exception in thread failing", line.get("message").textValue());
    assertEquals("not caught", line.get("exception").get("message").textValue());
  }

  /** Returns the lines of one logger that the process writes during {@code work}. */
  private static List<JsonNode> processLines(String logger, Runnable work) throws Exception {
    var all = new CopyOnWriteArrayList<String>();
    var remove = SuiteLog.addListener(all::add);
    try {
      work.run();
      assertTrue(JsonLogProvider.installedFactory().flush(Duration.ofSeconds(30)));
    } finally {
      remove.run();
    }
    return all.stream()
        .map(LogLineParser::parse)
        .filter(line -> line.get("logger").textValue().equals(logger))
        .toList();
  }

  /** Records the names of the loggers used through java.util.logging. */
  private static final class RecordingHandler extends Handler {
    private final Set<String> loggers = ConcurrentHashMap.newKeySet();

    @Override
    public void publish(LogRecord event) {
      loggers.add(event.getLoggerName());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
