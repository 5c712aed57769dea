package dev.partywall.architecture.broken.storage;

import dev.partywall.architecture.broken.metering.MeteringBreaks;

/** Knows what it may not. */
public final class StorageBreaks {
  Class<?> knows() {
    return MeteringBreaks.class;
  }
}
