package dev.partywall.tenancy;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The record of a tenant in the registry.
 *
 * @param name the name for people; 1 to 200 characters
 * @param tier the name of its tier
 * @param issuers the issuers whose tokens reach the tenant; empty for every trusted issuer that no
 *     tenant names
 * @param version starts at 1 and increases with each change
 * @param incarnation starts at 1 and increases when a deleted id is registered again
 * @param operation the running operation that excludes the tenant's own requests, if any. It
 *     changes without a new version
 * @param contentRevision the revision of the content that requests read and write. It increases
 *     when an import replaces the content, without a new version
 */
public record TenantRecord(
    TenantId id,
    String name,
    String tier,
    TenantStatus status,
    Placement placement,
    Overrides overrides,
    Set<String> issuers,
    Instant createdAt,
    Instant updatedAt,
    long version,
    int incarnation,
    Optional<OperationKind> operation,
    int contentRevision) {
  /** Creates a record without an operation, with the first content. */
  public TenantRecord(
      TenantId id,
      String name,
      String tier,
      TenantStatus status,
      Placement placement,
      Overrides overrides,
      Set<String> issuers,
      Instant createdAt,
      Instant updatedAt,
      long version,
      int incarnation) {
    this(
        id,
        name,
        tier,
        status,
        placement,
        overrides,
        issuers,
        createdAt,
        updatedAt,
        version,
        incarnation,
        Optional.empty(),
        TenantLocation.FIRST_REVISION);
  }

  /** Copies the set, which makes the record immutable. */
  public TenantRecord {
    issuers = Set.copyOf(issuers);
  }

  /**
   * Returns whether an incarnation of this id is deleted.
   *
   * @param number the number of the incarnation
   */
  public boolean isDeleted(int number) {
    return number < incarnation || (number == incarnation && status == TenantStatus.OFFBOARDED);
  }

  /** Returns the next version of the record, with another status. */
  public TenantRecord withStatus(TenantStatus next, Instant time) {
    return withContent(name, tier, overrides, issuers, next, time);
  }

  /** Returns the next version of the record, with other values that an operator specifies. */
  public TenantRecord withContent(
      String newName,
      String newTier,
      Overrides newOverrides,
      Set<String> newIssuers,
      TenantStatus next,
      Instant time) {
    return new TenantRecord(
        id,
        newName,
        newTier,
        next,
        placement,
        newOverrides,
        newIssuers,
        createdAt,
        time,
        version + 1,
        incarnation,
        operation,
        contentRevision);
  }

  /** Returns the same version of the record, with another operation. */
  public TenantRecord withOperation(Optional<OperationKind> running) {
    return sameVersion(running, contentRevision);
  }

  /** Returns the same version of the record, with another content. */
  public TenantRecord withContentRevision(int revision) {
    return sameVersion(operation, revision);
  }

  private TenantRecord sameVersion(Optional<OperationKind> running, int revision) {
    return new TenantRecord(
        id,
        name,
        tier,
        status,
        placement,
        overrides,
        issuers,
        createdAt,
        updatedAt,
        version,
        incarnation,
        running,
        revision);
  }
}
