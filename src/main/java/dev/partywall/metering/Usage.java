package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a tenant used in an hour (UTC), or in a part of it. */
record Usage(Slot slot, Amounts amounts) {
  /** A tenant's hour. */
  record Slot(TenantId tenant, Instant hour) {
    /** Refuses what is no start of an hour. */
    Slot {
      if (!hour.equals(startOf(hour))) {
        throw new IllegalArgumentException("not the start of an hour: " + hour);
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

  /** The start of the hour (UTC) that it lies in. */
  static Instant startOf(Instant instant) {
    return instant.truncatedTo(ChronoUnit.HOURS);
  }
}
