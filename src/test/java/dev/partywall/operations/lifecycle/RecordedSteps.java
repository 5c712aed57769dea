package dev.partywall.operations.lifecycle;

import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records the audit entries of operations, one text each. */
public final class RecordedSteps implements OperationAudit {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private volatile Runnable output = () -> {};

  /** Returns the entries until now. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Each wait for the output runs this, which can fail. */
  public void whenWaiting(Runnable wait) {
    output = wait;
  }

  @Override
  public void requireCapacity() {
    // There is always room.
  }

  @Override
  public void announce(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    record(action, object, outcome, details);
  }

  @Override
  public void record(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    lines.add(String.join(" ", action, object, outcome, details.toString()));
  }

  @Override
  public void requireWritten() {
    output.run();
  }
}
