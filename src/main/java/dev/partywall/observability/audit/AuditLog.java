package dev.partywall.observability.audit;

import static dev.partywall.observability.audit.AuditWriter.pair;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * Formats and writes audit entries. Changes are written individually. Equal rejections, and equal
 * changes with an unknown result, are aggregated above a threshold, and their count is written.
 *
 * <p>While standard output is blocked and its buffer is full, changes are rejected before they are
 * made. Rejected requests stay rejected; if a rejection's entry gets no capacity in time, the entry
 * is dropped and counted as a dropped line.
 */
public final class AuditLog {
  /**
   * The longest wait for space in the log's buffer. A slow reader of standard output makes space in
   * this time; a reader that has stopped does not.
   */
  private static final Duration CAPACITY_TIMEOUT = Duration.ofSeconds(2);

  /**
   * The longest wait until an entry is written, behind the lines of a flood of requests. Shorter
   * than the lease of the owner of an operation.
   */
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private static final List<KeyValuePair> SEVERAL = List.of(pair("actor", "several"));

  private final AuditWriter writer;
  private final Duration capacityTimeout;
  private final Duration writeTimeout;
  private final DuplicateSuppressor<EntryKey> duplicates;

  /** The properties of equal entries. Without the object, a scan of many paths is aggregated. */
  private record EntryKey(
      Level level, Optional<TenantId> tenant, String action, String outcome, String reason) {}

  /** Writes entries to {@code writer}. */
  public AuditLog(AuditWriter writer, InstantSource clock) {
    this(writer, clock, CAPACITY_TIMEOUT, WRITE_TIMEOUT);
  }

  AuditLog(
      AuditWriter writer, InstantSource clock, Duration capacityTimeout, Duration writeTimeout) {
    this.writer = writer;
    this.capacityTimeout = capacityTimeout;
    this.writeTimeout = writeTimeout;
    this.duplicates = new DuplicateSuppressor<>(clock, this::writeSummary);
  }

  /**
   * Waits for space for an entry. Call this before making a change.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if no capacity is available in time
   */
  public void requireCapacity() {
    require(writer.awaitCapacity(capacityTimeout));
  }

  /**
   * Waits until all entries so far are written to standard output.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if they are not written in time
   */
  public void requireWritten() {
    require(writer.awaitWritten(writeTimeout));
  }

  private static void require(boolean writable) {
    if (!writable) {
      throw new ApiException(
          new ApiError.Unavailable("The audit log cannot be written at the moment.", RETRY_AFTER));
    }
  }

  /**
   * Records a change.
   *
   * @param action the method and the route template
   * @param object the changed resource
   */
  void recordChange(String action, String object, int status) {
    recordResponse(action, object, "done", status);
  }

  /** Records the repetition of an earlier response to a change: nothing was changed this time. */
  void recordRepeat(String action, String object, int status) {
    recordResponse(action, object, "repeated", status);
  }

  /**
   * Records a request that was rejected as unauthenticated or forbidden.
   *
   * @param reason the name of the API error, or of the status
   */
  void recordRejection(String action, String object, String reason) {
    reject(Level.WARN, action, object, reason);
  }

  /**
   * Records a change whose result is unknown. It failed because of an outage or a defect, possibly
   * after DynamoDB had made the change.
   */
  void recordUnknown(String action, String object) {
    recordOrCount(new EntryKey(Level.WARN, tenant(), action, "unknown", "unavailable"), object);
  }

  /**
   * Records a step of the work that an operator has requested, before the step is executed. The
   * entry is accepted regardless of space: call {@link #requireCapacity} before.
   *
   * @throws ApiException as {@link ApiError.Unavailable} if this log is closed: no entry may follow
   *     the end of the chain
   */
  public void announceStep(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    require(writer.appendBeforeEnd(Level.INFO, action, step(object, outcome, details)));
  }

  /**
   * Records a step of the work that an operator has requested, such as the end of an export. The
   * entry is accepted regardless of space: call {@link #requireCapacity} before.
   *
   * @param action the method and the route template of the request
   * @param object the resource of the request
   * @param outcome a constant of the code
   * @param details further fields
   */
  public void recordStep(
      String action, String object, String outcome, SequencedMap<String, ?> details) {
    writer.append(Level.INFO, action, step(object, outcome, details));
  }

  private static List<KeyValuePair> step(
      String object, String outcome, SequencedMap<String, ?> details) {
    var fields = new ArrayList<>(actor());
    fields.add(pair("object", object));
    fields.add(pair("outcome", outcome));
    details.forEach((name, value) -> fields.add(pair(name, value)));
    return fields;
  }

  /**
   * Records that AWS denied a call of this service. If a tenant is bound, isolation by construction
   * has failed. Call this on the thread of the denied call: the entry then names its tenant and
   * request.
   *
   * @param operation such as {@code GetItem}
   * @param resource such as a table name
   */
  public void recordAccessDenied(String operation, String resource) {
    reject(Level.ERROR, operation, resource, "access-denied");
  }

  /** Writes the counts whose window has ended. Call this about once per second. */
  public void writeDueCounts() {
    if (writer.awaitCapacity(Duration.ZERO)) {
      duplicates.reportDue();
    }
  }

  /**
   * Writes all counts and closes the chain. Without capacity within {@code timeout}, the chain
   * stays open, as after a killed process.
   */
  public void close(Duration timeout) {
    if (writer.awaitCapacity(timeout)) {
      duplicates.reportAll();
      writer.close();
    }
  }

  private void recordResponse(String action, String object, String outcome, int status) {
    var fields = new ArrayList<>(actor());
    fields.add(pair("object", object));
    fields.add(pair("outcome", outcome));
    fields.add(pair("status", status));
    writer.append(Level.INFO, action, fields);
  }

  private void reject(Level level, String action, String object, String reason) {
    recordOrCount(new EntryKey(level, tenant(), action, "rejected", reason), object);
  }

  private void recordOrCount(EntryKey key, String object) {
    if (!duplicates.allow(key)) {
      return;
    }
    if (writer.awaitCapacity(capacityTimeout)) {
      write(key, actor(), object, 1);
    } else {
      writer.dropEntry();
    }
  }

  // The count covers several requests, so the entry names only their common tenant.
  private void writeSummary(EntryKey key, long count) {
    Runnable summary = () -> write(key, SEVERAL, "several", count);
    key.tenant()
        .map(Tenant::new)
        .ifPresentOrElse(tenant -> TenantContext.run(tenant, summary), summary);
  }

  private void write(EntryKey key, List<KeyValuePair> actor, String object, long count) {
    var fields = new ArrayList<>(actor);
    fields.add(pair("object", object));
    fields.add(pair("outcome", key.outcome()));
    fields.add(pair("reason", key.reason()));
    fields.add(pair("count", count));
    writer.append(key.level(), key.action(), fields);
  }

  private static Optional<TenantId> tenant() {
    return Execution.currentTenant().map(Tenant::id);
  }

  /** Returns the fields that name the actor. Only an operator has a type. */
  private static List<KeyValuePair> actor() {
    var identity = Execution.currentIdentity();
    var actor = pair("actor", identity.map(Identity::subject).orElse("anonymous"));
    return identity.filter(Identity.Operator.class::isInstance).isPresent()
        ? List.of(actor, pair("actorType", "operator"))
        : List.of(actor);
  }
}
