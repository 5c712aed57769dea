package dev.partywall.isolation;

import dev.partywall.tenancy.TenantId;
import java.time.Duration;

/**
 * Is told what happens to tenants' credentials. Called on the thread where it happens, {@link #hit}
 * at every call to DynamoDB: it must be quick, and must not throw.
 */
public interface CredentialListener {
  /** Does not care. */
  CredentialListener NONE = new CredentialListener() {};

  /** Credentials were there when they were needed. */
  default void hit() {}

  /** A tenant that had none got credentials. */
  default void vended(TenantId tenant, Duration took) {}

  /** A tenant's credentials were replaced ahead of their end. */
  default void renewed(TenantId tenant, Duration took) {}

  /** There were none to be had. {@code renewal}: the tenant still has some that hold. */
  default void failed(TenantId tenant, VendingFailed.Reason reason, boolean renewal) {}

  /** AWS did not take credentials that should have held, and they were dropped. */
  default void distrusted(TenantId tenant) {}
}
