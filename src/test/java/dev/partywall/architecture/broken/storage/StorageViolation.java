package dev.partywall.architecture.broken.storage;

import dev.partywall.architecture.broken.metering.MeteringViolation;

/** Has a forbidden dependency. */
public final class StorageViolation {
  Class<?> forbidden() {
    return MeteringViolation.class;
  }
}
