package dev.partywall.architecture.broken.isolation;

import dev.partywall.architecture.broken.storage.StorageViolation;

/** Has a forbidden dependency. */
public final class IsolationViolation {
  Class<?> forbidden() {
    return StorageViolation.class;
  }
}
