package dev.partywall.operations.lifecycle;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Writes the audit entries of the steps of an operation. An entry precedes the change that it
 * states, so the entry of an end announces the attempt. It is written to standard output before the
 * change, so a {@code kill -9} loses none. Each owner writes its own entries, and each of them once
 * in a state: a successor of an owner that ends at any point may write the same entry again.
 *
 * @param action the method and the template of the route that has begun the operation
 */
public record StepAudit(OperationAudit audit, String action) {
  /**
   * Writes an entry if this step is the first one of its owner in the state of the operation.
   *
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the entry is not written in
   *     time; the step must not be executed
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public void begin(OwnedOperation owned) {
    write(owned, "proceeded", details(owned, "state", owned.operation().state()));
  }

  /**
   * Writes the entry of the end of the operation.
   *
   * @param outcome a constant of the code
   * @param name the name of the field that states the result
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the entry is not written in
   *     time; the operation must not be ended
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public void end(OwnedOperation owned, String outcome, String name, String value) {
    write(owned, outcome, details(owned, name, value));
  }

  private static SequencedMap<String, Object> details(
      OwnedOperation owned, String name, String value) {
    var details = new LinkedHashMap<String, Object>();
    details.put("operation", owned.operation().kind().label());
    details.put(name, value);
    return details;
  }

  /**
   * Writes an entry. The waits can take more than half of the lease, which is renewed afterwards.
   *
   * @param outcome a constant of the code
   * @param details further fields
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if the entry is not written in
   *     time; the change that it states must not be made
   * @throws OwnershipLostException if another owner executes the operation, or it has ended
   */
  public void write(OwnedOperation owned, String outcome, SequencedMap<String, ?> details) {
    audit.requireCapacity();
    var entry = outcome + details;
    if (!owned.hasEntry(entry)) {
      audit.announce(action, "/tenants/" + owned.tenant().id(), outcome, details);
      owned.noteEntry(entry);
    }
    audit.requireWritten(); // also the entry of an earlier attempt
    owned.renew();
  }
}
