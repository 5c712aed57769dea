package dev.partywall.architecture.broken.observability;

import dev.partywall.architecture.broken.storage.StorageBreaks;

/** Knows what it may not. */
public final class ObservabilityBreaks {
  Class<?> knows() {
    return StorageBreaks.class;
  }
}
