package dev.partywall.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Runs after all other tests. */
@Order(Integer.MAX_VALUE)
class WholeLogTest {
  @Test
  void everyLineOfTheTestRunIsValid() throws Exception {
    LoggerFactory.getLogger(WholeLogTest.class).info("last line");
    System.out.println("printed");
    assertTrue(JsonLoggerFactory.installed().flush(Duration.ofSeconds(30)));
    assertEquals(List.of(), WholeLog.faults());
    assertTrue(WholeLog.lines() >= 2, "the log is not captured");
  }
}
