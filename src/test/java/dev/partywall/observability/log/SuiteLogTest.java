package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

@Isolated("writes an invalid line")
class SuiteLogTest {
  @Test
  void capturesLogLinesAndPrintedLines() throws Exception {
    var before = SuiteLog.lineCount();
    LoggerFactory.getLogger(SuiteLogTest.class).info("a line");
    System.out.println("printed");
    SuiteLogCheck.checkLines();
    assertTrue(SuiteLog.lineCount() >= before + 2, "the log is not captured");
  }

  @Test
  void anInvalidLineFailsTheCheckOnce() throws Exception {
    SuiteLog.check("not JSON");
    assertThrows(AssertionError.class, SuiteLogCheck::checkLines);
    SuiteLogCheck.checkLines();
  }
}
