package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;

/**
 * Receives events about tenant credentials, on the thread that causes them. {@link #hit} is called
 * for every call to DynamoDB, so implementations must be fast and must not throw.
 */
public interface CredentialListener {
  /** A listener that ignores all events. */
  CredentialListener NONE = new CredentialListener() {};

  /** Cached credentials were used. */
  default void hit() {}

  /** Credentials were issued to a tenant that had none. */
  default void issued(TenantId tenant, Duration took) {}

  /** A tenant's credentials were replaced before they expired. */
  default void renewed(TenantId tenant, Duration took) {}

  /**
   * No credentials could be issued.
   *
   * @param renewal whether the tenant still has valid credentials
   */
  default void failed(
      TenantId tenant, IssuingFailedException.FailureReason reason, boolean renewal) {}

  /** AWS rejected credentials that had not expired, and they were dropped. */
  default void invalidated(TenantId tenant) {}
}
