package dev.partywall.tenancy.registry;

import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.TenantStatus;
import java.util.List;
import java.util.Optional;

/**
 * The records of all tenants. Every read is consistent. Every method throws {@link
 * dev.partywall.error.ApiException} as {@code Unavailable} if the registry is unavailable.
 */
public interface TenantRegistry {
  /** Returns the operations on the tenants, and the documents that they leave. */
  OperationStore operations();

  /** Returns the record of a tenant; empty if no tenant with that id is registered. */
  Optional<TenantRecord> find(TenantId id);

  /**
   * Adds a tenant.
   *
   * @param tenant version 1
   * @param key the idempotency key of the request, if it has one. It is remembered for 24 h, in the
   *     same transaction
   * @param operation begins in the same transaction
   */
  Creation create(TenantRecord tenant, Optional<RequestKey> key, Optional<Operation> operation);

  /** Adds a tenant without an operation. */
  default Creation create(TenantRecord tenant, Optional<RequestKey> key) {
    return create(tenant, key, Optional.empty());
  }

  /**
   * Replaces the record of a tenant.
   *
   * @param changed the new record; its version is the version of the replaced record + 1
   */
  Change replace(TenantRecord changed);

  /**
   * Returns a page of tenants, in the order of their ids.
   *
   * @param limit from 1 to 100
   */
  TenantPage list(TenantFilter filter, Optional<TenantId> after, int limit);

  /**
   * The identity of a creating request.
   *
   * @param key the idempotency key, with the operator's issuer and subject
   * @param bodySha256 the hash of the request's content
   */
  record RequestKey(String key, String bodySha256) {}

  /** The tenants that a list contains; an empty value permits all. */
  record TenantFilter(Optional<TenantStatus> status, Optional<String> tier) {
    /** Returns whether the list contains this tenant. */
    public boolean permits(TenantRecord tenant) {
      return status.filter(wanted -> wanted != tenant.status()).isEmpty()
          && tier.filter(wanted -> !wanted.equals(tenant.tier())).isEmpty();
    }
  }

  /** A page of tenants, and the id after which the next page starts. */
  record TenantPage(List<TenantRecord> tenants, Optional<TenantId> next) {}

  /** The result of a creation. */
  sealed interface Creation {
    /** The tenant is registered now. */
    record Created() implements Creation {}

    /** A tenant with this id exists. */
    record Exists(TenantRecord existing) implements Creation {}

    /** The same request was executed before, and has created this tenant. */
    record Repeated(TenantRecord created) implements Creation {}

    /** The idempotency key was used with another content. */
    record KeyReused() implements Creation {}
  }

  /** The result of a replacement. */
  sealed interface Change {
    /** The record is replaced. */
    record Replaced() implements Change {}

    /** The record has another version now; nothing has changed. */
    record Stale(TenantRecord current) implements Change {}

    /** The tenant is not registered. */
    record Missing() implements Change {}
  }
}
