package dev.partywall.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.SubstituteLogger;

class RecurringFailureTest {
  private final LinkedBlockingQueue<SubstituteLoggingEvent> events = new LinkedBlockingQueue<>();
  private final RecurringFailure failure =
      new RecurringFailure(new SubstituteLogger("test", events, false), "Shipping");

  private List<Level> levels() {
    return events.stream().map(SubstituteLoggingEvent::getLevel).toList();
  }

  @Test
  void logsTheStartAndTheEndOfASeriesOfFailures() {
    failure.clear();
    assertEquals(List.of(), levels());

    failure.report(new IllegalStateException("first"));
    failure.report(new IllegalStateException("second"));
    assertEquals(List.of(Level.ERROR), levels());
    assertEquals("first", events.peek().getThrowable().getMessage());

    failure.clear();
    failure.clear();
    assertEquals(List.of(Level.ERROR, Level.INFO), levels());

    failure.report(new IllegalStateException("third"));
    assertEquals(List.of(Level.ERROR, Level.INFO, Level.ERROR), levels());
  }

  @Test
  void namesTheLatestFailureUntilItIsCleared() {
    assertEquals(Optional.empty(), failure.problem());
    failure.report(new IllegalStateException("first"));
    failure.report(new RuntimeException(new IllegalStateException("the cause")));
    assertEquals(
        Optional.of("Shipping failed: java.lang.IllegalStateException: the cause"),
        failure.problem());
    failure.clear();
    assertEquals(Optional.empty(), failure.problem());
  }

  @Test
  void anAttemptFailsByAnExceptionAndByAReturnedFailure() {
    failure.attempt(() -> Optional.of(new IllegalStateException("returned")));
    assertEquals(
        Optional.of("Shipping failed: java.lang.IllegalStateException: returned"),
        failure.problem());
    failure.attempt(Optional::empty);
    assertEquals(Optional.empty(), failure.problem());
    failure.attempt(() -> {
      throw new IllegalStateException("thrown");
    });
    assertEquals(
        Optional.of("Shipping failed: java.lang.IllegalStateException: thrown"), failure.problem());
  }
}
