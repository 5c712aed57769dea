package dev.partywall.metering.meter;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A tenant's usage in an hour (UTC) or a part of it.
 *
 * @param tier the name of the tier that applied to the tenant; empty if it is not known
 * @param lastRequestAt the time of the last request; empty if there is none, or if it is not known
 */
public record Usage(
    TenantHour tenantHour,
    Optional<String> tier,
    Amounts amounts,
    Optional<Instant> lastRequestAt) {
  /** A tenant and an hour. */
  public record TenantHour(MeteredTenant tenant, Instant hour) {
    /** Rejects an instant that is not the start of an hour. */
    public TenantHour {
      if (!hour.equals(startOfHour(hour))) {
        throw new IllegalArgumentException("Not the start of an hour: " + hour);
      }
    }
  }

  /** Returns the usage of a tenant in the hour that starts at the instant, without a tier. */
  public static Usage of(MeteredTenant tenant, Instant hour, Amounts amounts) {
    return new Usage(new TenantHour(tenant, hour), Optional.empty(), amounts, Optional.empty());
  }

  /** Returns a copy with this tier. */
  public Usage withTier(String name) {
    return new Usage(tenantHour, Optional.of(name), amounts, lastRequestAt);
  }

  /** Returns a copy with this time of the last request. */
  public Usage withLastRequestAt(Instant time) {
    return new Usage(tenantHour, tier, amounts, Optional.of(time));
  }

  /**
   * Returns the sum of two parts of the same hour. Its tier is that of the first part that has one,
   * and its last request is the later one.
   *
   * @throws ArithmeticException on overflow
   */
  public Usage plus(Usage later) {
    var last =
        Stream.of(lastRequestAt, later.lastRequestAt)
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder());
    return new Usage(tenantHour, tier.or(later::tier), amounts.plus(later.amounts), last);
  }

  /** Returns the tenant that used the service. */
  public MeteredTenant tenant() {
    return tenantHour.tenant();
  }

  /** Returns the start of the hour. */
  public Instant hour() {
    return tenantHour.hour();
  }

  boolean isEmpty() {
    return amounts.isEmpty();
  }

  /** Returns the start of the hour (UTC) that contains the instant. */
  public static Instant startOfHour(Instant instant) {
    return instant.truncatedTo(ChronoUnit.HOURS);
  }
}
