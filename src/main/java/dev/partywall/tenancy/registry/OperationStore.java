package dev.partywall.tenancy.registry;

import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The running operations of all tenants, and the documents that completed operations leave. Every
 * read except {@link #all} is consistent. Every method throws {@link
 * dev.partywall.error.ApiException} as {@code Unavailable} if the registry is unavailable.
 */
public interface OperationStore {
  /** Returns the operation of a tenant; empty if none is running. */
  Optional<Operation> find(TenantId tenant);

  /**
   * Returns the record of a tenant and its running operation, both of the same moment; empty if the
   * tenant is not registered.
   */
  Optional<TenantState> findWithTenant(TenantId tenant);

  /** A record, and the running operation of its tenant; empty if none is running. */
  record TenantState(TenantRecord tenant, Optional<Operation> operation) {
    /** Returns whether the record has the version of another one. */
    public boolean isVersionOf(TenantRecord record) {
      return tenant.version() == record.version() && tenant.incarnation() == record.incarnation();
    }
  }

  /** Returns the operations of the tenants between two ids, inclusive, in their order. */
  List<Operation> between(TenantId first, TenantId last);

  /**
   * Returns all operations, in the order of their tenants. The read is eventually consistent, so an
   * operation may be missing, ended or outdated.
   */
  List<Operation> all();

  /**
   * Begins an operation and replaces the record of its tenant, in one transaction. If the two
   * records are equal, only the operation is written.
   *
   * @param before the record of the tenant
   * @param after its record during the operation; its version is the same or the next one
   */
  Start begin(Operation operation, TenantRecord before, TenantRecord after);

  /**
   * Replaces an operation.
   *
   * @param after differs in its lease from all earlier values, unless it has no owner
   * @return false if the stored operation differs from {@code before} in its id or its ownership
   */
  boolean update(Operation before, Operation after);

  /**
   * Replaces an operation, if the record of its tenant has the same version.
   *
   * @param after differs in its lease from all earlier values, unless it has no owner
   * @param record the record of the tenant, which remains
   */
  RecordChange update(Operation before, Operation after, TenantRecord record);

  /**
   * Replaces an operation and the record of its tenant, in one transaction.
   *
   * @param after differs in its lease from all earlier values
   * @param recordBefore the record of the tenant
   * @param recordAfter its next record; its version is the same or the next one
   */
  RecordChange update(
      Operation before, Operation after, TenantRecord recordBefore, TenantRecord recordAfter);

  /**
   * Ends an operation, replaces the record of its tenant and writes documents, in one transaction.
   *
   * @param before the record of the tenant
   * @param after its record after the operation; its version is the same or the next one
   */
  RecordChange end(
      Operation operation, TenantRecord before, TenantRecord after, List<Document> documents);

  /** Returns the attributes of a document; empty if it does not exist. */
  Optional<Map<String, String>> document(TenantId tenant, String name);

  /**
   * A document that an operation leaves in the registry, such as a receipt.
   *
   * @param name starts with a dot; differs from {@code .tenant}
   * @param attributes the texts of the document, by name; empty to remove the document
   */
  record Document(String name, Map<String, String> attributes) {
    /** Copies the map, and rejects the name of another item. */
    public Document {
      attributes = Map.copyOf(attributes);
      if (!name.startsWith(".") || name.equals(".tenant")) {
        throw new IllegalArgumentException("invalid name of a document: " + name);
      }
    }

    /** Returns the removal of a document. It has no effect if the document does not exist. */
    public static Document removed(String name) {
      return new Document(name, Map.of());
    }
  }

  /** The result of the start of an operation. */
  sealed interface Start {
    /** The operation is stored; {@code operation} has the number of the registry change. */
    record Begun(Operation operation) implements Start {}

    /** Another operation of the tenant is running. */
    record InProgress(Operation running) implements Start {}

    /** The record has changed meanwhile; nothing is written. */
    record Stale() implements Start {}
  }

  /** The result of a change of an operation and the record of its tenant. */
  enum RecordChange {
    /** Both are changed. */
    APPLIED,
    /** The record has changed meanwhile; nothing is written. */
    STALE,
    /** Another owner has changed or removed the operation; nothing is written. */
    NOT_OWNED
  }
}
