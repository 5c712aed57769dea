package dev.partywall.storage.content;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The progress of an operation in the tenant's own partition. Each page of work replaces it in the
 * same transaction, so a page is either complete, with its progress, or has no effect.
 *
 * @param operation the id of the operation
 * @param epoch the number of the owner
 * @param page the number of pages until now
 * @param values the position and the results until now, by name
 */
public record OperationProgress(
    String operation, long epoch, long page, Map<String, String> values) {
  /** Copies the map, which makes the record immutable. */
  public OperationProgress {
    values = Map.copyOf(values);
  }

  /** Returns a value; empty if no page has set it. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Returns the progress after one more page, with these values instead of the former ones. */
  public OperationProgress next(Map<String, String> changed) {
    var merged = new HashMap<>(values);
    merged.putAll(changed);
    return new OperationProgress(operation, epoch, page + 1, merged);
  }

  /** Returns the progress of an operation before its first page. */
  static OperationProgress begin(String operation, long epoch) {
    return new OperationProgress(operation, epoch, 0, Map.of());
  }

  OperationProgress ownedBy(long owner) {
    return new OperationProgress(operation, owner, page, values);
  }
}
