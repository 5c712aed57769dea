package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Runs after all other tests. */
@Order(Integer.MAX_VALUE)
class SuiteLogTest {
  @Test
  void everyLineOfTheTestRunIsValid() throws Exception {
    LoggerFactory.getLogger(SuiteLogTest.class).info("last line");
    System.out.println("printed");
    assertTrue(JsonLogProvider.installedFactory().flush(Duration.ofSeconds(30)));
    assertEquals(List.of(), SuiteLog.faults());
    assertTrue(SuiteLog.lineCount() >= 2, "the log is not captured");
  }
}
