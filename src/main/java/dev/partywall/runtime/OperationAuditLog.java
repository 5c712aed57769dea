package dev.partywall.runtime;

import dev.partywall.observability.audit.AuditLog;
import dev.partywall.operations.lifecycle.OperationAudit;
import java.util.SequencedMap;

/** Writes the entries of operations to the audit log. */
public record OperationAuditLog(AuditLog log) implements OperationAudit {
  @Override
  public void requireCapacity() {
    log.requireCapacity();
  }

  @Override
  public void announce(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    log.announceStep(action, object, outcome, details);
  }

  @Override
  public void record(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    log.recordStep(action, object, outcome, details);
  }

  @Override
  public void requireWritten() {
    log.requireWritten();
  }
}
