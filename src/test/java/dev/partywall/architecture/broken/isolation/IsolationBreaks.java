package dev.partywall.architecture.broken.isolation;

import dev.partywall.architecture.broken.storage.StorageBreaks;

/** Has a forbidden dependency. */
public final class IsolationBreaks {
  Class<?> forbidden() {
    return StorageBreaks.class;
  }
}
