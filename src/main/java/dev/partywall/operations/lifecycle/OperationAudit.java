package dev.partywall.operations.lifecycle;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.util.SequencedMap;

/**
 * Receives an audit entry for each step of an operation that is not the response to a change. An
 * entry names the operator and the tenant of the current execution. An entry is never dropped, so
 * call {@link #requireCapacity} before.
 */
public interface OperationAudit {
  /**
   * Waits for space for an entry. Call this before the step.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if no space is available in time
   */
  void requireCapacity();

  /**
   * Records a step that is not executed yet.
   *
   * @param action the method and the template of the route that has begun the operation
   * @param object the resource
   * @param outcome a constant of the code
   * @param details further fields
   * @throws ApiException as {@link ApiError.Unavailable} if the audit log has ended: the step must
   *     not be executed
   */
  void announce(String action, String object, String outcome, SequencedMap<String, ?> details);

  /** Records the work that has begun or ended, also after the end of the audit log. */
  void record(String action, String object, String outcome, SequencedMap<String, ?> details);

  /**
   * Waits until all entries so far are written to standard output. The end of the process then
   * loses none of them. Call this before the change that an entry states.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if they are not written in time
   */
  void requireWritten();
}
