package dev.partywall.metering;

import dev.partywall.tenancy.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A tenant's usage in an hour (UTC) or a part of it. */
record Usage(TenantHour tenantHour, Amounts amounts) {
  /** A tenant and an hour. */
  record TenantHour(TenantId tenant, Instant hour) {
    /** Rejects an instant that is not the start of an hour. */
    TenantHour {
      if (!hour.equals(startOfHour(hour))) {
        throw new IllegalArgumentException("Not the start of an hour: " + hour);
      }
    }
  }

  static Usage of(TenantId tenant, Instant hour, Amounts amounts) {
    return new Usage(new TenantHour(tenant, hour), amounts);
  }

  TenantId tenant() {
    return tenantHour.tenant();
  }

  Instant hour() {
    return tenantHour.hour();
  }

  boolean isEmpty() {
    return amounts.isEmpty();
  }

  /** Returns the start of the hour (UTC) that contains the instant. */
  static Instant startOfHour(Instant instant) {
    return instant.truncatedTo(ChronoUnit.HOURS);
  }
}
