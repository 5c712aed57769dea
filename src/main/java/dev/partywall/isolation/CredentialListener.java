package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;

/**
 * Receives events about tenant credentials. {@link #hit} and {@link #invalidated} are called on the
 * request's thread, the others on the thread of the call to STS. {@link #hit} is called whenever
 * cached credentials are used, which is nearly every call to DynamoDB. Implementations must
 * therefore be fast, and must not throw.
 */
public interface CredentialListener {
  /** A listener that ignores all events. */
  CredentialListener NONE = new CredentialListener() {};

  /** Cached credentials were used. */
  default void hit() {}

  /**
   * Credentials were issued to a tenant that had no valid ones.
   *
   * @param duration the time from the start of the call to STS until its result
   */
  default void issued(TenantId tenant, Duration duration) {}

  /**
   * A tenant's credentials were replaced before they expired.
   *
   * @param duration the time from the start of the call to STS until its result
   */
  default void renewed(TenantId tenant, Duration duration) {}

  /**
   * A call to STS failed, so no credentials were issued.
   *
   * @param renewal whether the failed call was to renew credentials
   */
  default void failed(
      TenantId tenant, IssuingFailedException.FailureReason reason, boolean renewal) {}

  /** AWS rejected cached credentials before their expiry, and they were dropped. */
  default void invalidated(TenantId tenant) {}
}
