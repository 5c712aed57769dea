package dev.partywall.operations.transfer;

import dev.partywall.operations.lifecycle.OperationAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** Lists the object, the outcome and the state of each step whose entry is written. */
final class RecordedAudit implements OperationAudit {
  private final List<String> buffered = new ArrayList<>();
  private final List<String> written;
  private final Runnable output;

  /** Creates an audit. Each wait for the output runs {@code output}, which can fail. */
  RecordedAudit(List<String> written, Runnable output) {
    this.written = written;
    this.output = output;
  }

  @Override
  public void requireCapacity() {
    // Space is always available.
  }

  @Override
  public void announce(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    record(action, object, outcome, details);
  }

  @Override
  public void record(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    buffered.add(object + " " + outcome + " " + details.get("state"));
  }

  @Override
  public void requireWritten() {
    output.run();
    written.addAll(buffered);
    buffered.clear();
  }
}
