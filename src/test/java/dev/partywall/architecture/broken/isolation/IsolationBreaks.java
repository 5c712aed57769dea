package dev.partywall.architecture.broken.isolation;

import dev.partywall.architecture.broken.storage.StorageBreaks;

/** Knows what it may not. */
public final class IsolationBreaks {
  Class<?> knows() {
    return StorageBreaks.class;
  }
}
