package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A tenant's usage in an hour (UTC) or a part of it. */
record Usage(Slot slot, Amounts amounts) {
  /** A tenant and an hour. */
  record Slot(TenantId tenant, Instant hour) {
    /** Rejects an instant that is not the start of an hour. */
    Slot {
      if (!hour.equals(startOf(hour))) {
        throw new IllegalArgumentException("Not the start of an hour: " + hour);
      }
    }
  }

  static Usage of(TenantId tenant, Instant hour, Amounts amounts) {
    return new Usage(new Slot(tenant, hour), amounts);
  }

  TenantId tenant() {
    return slot.tenant();
  }

  Instant hour() {
    return slot.hour();
  }

  boolean isNothing() {
    return amounts.isNothing();
  }

  /** Returns the start of the hour (UTC) that contains the instant. */
  static Instant startOf(Instant instant) {
    return instant.truncatedTo(ChronoUnit.HOURS);
  }
}
