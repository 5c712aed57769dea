package dev.partywall.architecture.broken.storage;

import dev.partywall.architecture.broken.metering.MeteringBreaks;

/** Has a forbidden dependency. */
public final class StorageBreaks {
  Class<?> forbidden() {
    return MeteringBreaks.class;
  }
}
