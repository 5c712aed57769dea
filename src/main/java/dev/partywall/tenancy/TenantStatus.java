package dev.partywall.tenancy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The state of a registered tenant. Only an {@link #ACTIVE} tenant's requests are served. */
public enum TenantStatus {
  /** The tenant's own table is being created. */
  PROVISIONING,
  ACTIVE,
  /** Provisioning failed. */
  FAILED,
  /** An operator has suspended the tenant. */
  SUSPENDED,
  /** The tenant is deleted when its retention has ended. */
  OFFBOARDING,
  /** The tenant's data is deleted. Its id can be registered again. */
  OFFBOARDED;

  /** Returns the name in JSON documents and in stored records. Never change it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the status with this label; empty if none has it. */
  public static Optional<TenantStatus> of(String label) {
    return Arrays.stream(values()).filter(status -> status.label().equals(label)).findFirst();
  }
}
