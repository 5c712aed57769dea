package dev.partywall.tenancy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of operations on a tenant. A tenant has at most one operation at a time. */
public enum OperationKind {
  /** Creates the tenant's own table. */
  PROVISIONING,
  /** Deletes the tenant's data when its retention has ended. */
  OFFBOARDING,
  /** Writes the tenant's data from a file. The tenant is not served meanwhile. */
  IMPORT,
  /** Reads the tenant's data into a file. */
  EXPORT;

  /** Returns the name in JSON documents and in stored records. Never change it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the kind with this label; empty if none has it. */
  public static Optional<OperationKind> of(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
  }
}
