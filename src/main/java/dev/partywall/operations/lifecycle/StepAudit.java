package dev.partywall.operations.lifecycle;

import java.util.LinkedHashMap;

/**
 * Writes the audit entries of the steps of an operation. An entry precedes the change that it
 * states, so the entry of an end announces the attempt. It is written to standard output before the
 * change, so a {@code kill -9} loses none. Each owner writes its own entries: a successor of an
 * owner that ends at any point may write the same entry again.
 *
 * @param action the method and the template of the route that has begun the operation
 */
public record StepAudit(OperationAudit audit, String action) {
  /**
   * Writes an entry if this step is the first one of its owner in the state of the operation.
   *
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the entry is not written in
   *     time; the step must not be executed
   */
  public void begin(OwnedOperation owned) {
    audit.requireCapacity();
    if (owned.isInNewState()) {
      record(owned, "proceeded", "state", owned.operation().state());
      owned.enterState();
    }
  }

  /**
   * Writes the entry of the end of the operation.
   *
   * @param outcome a constant of the code
   * @param name the name of the field that states the result
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the entry is not written in
   *     time; the operation must not be ended
   */
  public void end(OwnedOperation owned, String outcome, String name, String value) {
    audit.requireCapacity(); // an entry without space would be dropped
    record(owned, outcome, name, value);
  }

  private void record(OwnedOperation owned, String outcome, String name, String value) {
    var details = new LinkedHashMap<String, String>();
    details.put("operation", owned.operation().kind().label());
    details.put(name, value);
    audit.record(action, "/tenants/" + owned.tenant().id(), outcome, details);
    audit.requireWritten();
  }
}
