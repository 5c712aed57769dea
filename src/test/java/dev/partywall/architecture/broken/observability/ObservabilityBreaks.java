package dev.partywall.architecture.broken.observability;

import dev.partywall.architecture.broken.storage.StorageBreaks;

/** Has a forbidden dependency. */
public final class ObservabilityBreaks {
  Class<?> forbidden() {
    return StorageBreaks.class;
  }
}
