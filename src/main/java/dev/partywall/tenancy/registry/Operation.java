package dev.partywall.tenancy.registry;

import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running operation on a tenant. One instance at a time owns it and executes its steps. The owner
 * renews the lease; an instance that finds an old lease becomes the next owner.
 *
 * @param id identifies the operation
 * @param state the step that is executed next; each kind defines its states
 * @param parameters the values that the steps need, by name
 * @param ownership the current or latest owner
 */
public record Operation(
    TenantId tenant,
    int incarnation,
    OperationKind kind,
    String id,
    Origin origin,
    String state,
    Map<String, String> parameters,
    Progress progress,
    Ownership ownership) {
  /** Copies the map, which makes the record immutable. */
  public Operation {
    parameters = Map.copyOf(parameters);
  }

  /**
   * The request that has begun an operation.
   *
   * @param requestedBy the subject of the operator
   * @param sequence the number of the registry change that began the operation; 0 if none did
   */
  public record Origin(String requestedBy, Instant startedAt, long sequence) {}

  /**
   * The progress of an operation.
   *
   * @param done the number of items that are processed
   * @param waitingFor the instances that the operation waits for, or the index whose copies still
   *     contain deleted items
   * @param reason the fault that blocks the operation, if any
   */
  public record Progress(long done, List<String> waitingFor, Optional<String> reason) {
    /** The progress at the begin. */
    public static final Progress NONE = new Progress(0, List.of(), Optional.empty());

    /** Copies the list, which makes the record immutable. */
    public Progress {
      waitingFor = List.copyOf(waitingFor);
    }
  }

  /**
   * The owner of an operation.
   *
   * @param epoch the number of owners until now; each owner has a higher one than its predecessor
   * @param lease changes with each write by the owner; empty if the operation has no owner
   */
  public record Ownership(long epoch, String lease) {
    /** The ownership of an operation that no instance has owned. */
    public static final Ownership NONE = new Ownership(0, "");

    /** Returns whether no instance owns the operation. */
    public boolean isFree() {
      return lease.isEmpty();
    }
  }

  /**
   * Creates an operation without an owner.
   *
   * @param id differs from those of all other operations
   * @param operator the subject of the operator
   */
  public static Operation begun(
      TenantRecord tenant,
      OperationKind kind,
      String id,
      String state,
      String operator,
      Instant time) {
    return new Operation(
        tenant.id(),
        tenant.incarnation(),
        kind,
        id,
        new Origin(operator, time, 0),
        state,
        Map.of(),
        Progress.NONE,
        Ownership.NONE);
  }

  /** Returns the subject of the operator that has requested the operation. */
  public String requestedBy() {
    return origin.requestedBy();
  }

  /** Returns a parameter; empty if the operation does not have it. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** Returns a copy in another state, without the waits and the reason of the former state. */
  public Operation inState(String next) {
    var progressed = new Progress(progress.done(), List.of(), Optional.empty());
    return copy(origin, next, parameters, progressed, ownership);
  }

  /** Returns a copy with a parameter. */
  public Operation with(String name, String value) {
    var changed = new HashMap<>(parameters);
    changed.put(name, value);
    return copy(origin, state, changed, progress, ownership);
  }

  /** Returns a copy with this number of processed items. */
  public Operation withDone(long items) {
    return withProgress(new Progress(items, progress.waitingFor(), progress.reason()));
  }

  /** Returns a copy that waits for these instances, or for this index. */
  public Operation waitingFor(List<String> awaited) {
    return withProgress(new Progress(progress.done(), awaited, progress.reason()));
  }

  /** Returns a copy with the fault that blocks the operation; empty for none. */
  public Operation withReason(Optional<String> cause) {
    return withProgress(new Progress(progress.done(), progress.waitingFor(), cause));
  }

  private Operation withProgress(Progress changed) {
    return copy(origin, state, parameters, changed, ownership);
  }

  /** Returns a copy that the registry change with this number has begun. */
  public Operation begunBy(long change) {
    return copy(
        new Origin(origin.requestedBy(), origin.startedAt(), change),
        state,
        parameters,
        progress,
        ownership);
  }

  /** Returns a copy with this owner. */
  public Operation ownedBy(Ownership owner) {
    return copy(origin, state, parameters, progress, owner);
  }

  /** Returns a copy without an owner, which the next free instance executes. */
  public Operation free() {
    return ownedBy(new Ownership(ownership.epoch(), ""));
  }

  private Operation copy(
      Origin from, String in, Map<String, String> values, Progress at, Ownership owner) {
    return new Operation(tenant, incarnation, kind, id, from, in, values, at, owner);
  }
}
