package dev.partywall.metering.ledger;

import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Searches a tenant's hours for its last request. */
record LastRequest(LedgerTable table, ServiceMeters meters) {
  /**
   * The items of the first query. Few hours have no request: an outage has separated their usage
   * from its request, or they have only the capacity of operations.
   */
  private static final int NEWEST_HOURS = 4;

  private static final String FIRST = "hour#";
  private static final String LAST = "hour#~";

  /** Returns the time of the last request; empty if there was none. */
  Optional<Instant> of(MeteredTenant tenant) {
    var newest = table.newest(tenant.key(), FIRST, LAST, NEWEST_HOURS);
    var found = first(newest.stream());
    return found.isPresent() || newest.size() < NEWEST_HOURS
        ? found
        : first(table.newestWith(KernelMeter.REQUESTS.attribute(), tenant.key(), FIRST, LAST));
  }

  private Optional<Instant> first(Stream<Map<String, AttributeValue>> newestFirst) {
    return newestFirst
        .map(item -> LedgerItem.parseHour(item, meters).usage())
        .filter(usage -> usage.amounts().steps(KernelMeter.REQUESTS) != 0)
        .map(usage -> usage.lastRequestAt().orElse(usage.hour()))
        .findFirst();
  }
}
