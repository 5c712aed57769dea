package dev.partywall.architecture.broken.observability;

import dev.partywall.architecture.broken.storage.StorageViolation;

/** Has a forbidden dependency. */
public final class ObservabilityViolation {
  Class<?> forbidden() {
    return StorageViolation.class;
  }
}
