package dev.partywall.operations.transfer;

import dev.partywall.operations.lifecycle.OperationAudit;
import java.util.List;
import java.util.SequencedMap;

/** Records the object, the outcome and the state of each step in a list. */
record RecordedAudit(List<String> audited) implements OperationAudit {
  @Override
  public void requireCapacity() {
    // Space is always available.
  }

  @Override
  public void record(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    audited.add(object + " " + outcome + " " + details.get("state"));
  }

  @Override
  public void requireWritten() {
    // Nothing is buffered.
  }
}
