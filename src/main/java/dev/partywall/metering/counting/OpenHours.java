package dev.partywall.metering.counting;

import dev.partywall.metering.ledger.UncountedHours;
import dev.partywall.metering.ledger.UncountedHours.HourMark;
import dev.partywall.metering.meter.MeteredTenant;
import dev.partywall.tenancy.TenantContext;
import java.util.List;

/**
 * Counts and closes the open hours of a tenant before its items are deleted.
 *
 * <p>The caller must first reject the tenant's requests on all instances, and wait until each
 * instance has ended its requests and its counts of the tenant. Then no counted write is lost:
 *
 * <ul>
 *   <li>An instance marks the hour of a counted write before it writes. The mark is in the usage
 *       table, so it is found here even if that instance has crashed. No instance relies on a mark
 *       any more, so its age does not matter here as it does for {@link HourCloser}.
 *   <li>The count that is set here contains the count markers of all instances. A count that
 *       another instance sets later, from fewer markers, has no effect: the ledger never lowers a
 *       count.
 *   <li>The other meters are not counted from items of the tenant. They are in the memory and in
 *       the journal of each instance, which ships them to the ledger at any later time, also after
 *       a crash. The deletion of the tenant's items changes neither journal nor ledger.
 * </ul>
 *
 * @param counts counts under the bound tenant's credentials
 */
public record OpenHours(UncountedHours uncountedHours, HourlyCounts counts) {
  /**
   * Counts and closes all open hours of the bound tenant. Can be repeated at any point.
   *
   * @param beforeEach is called before each count, which can take seconds
   * @return whether no hour is open; an hour stays open if an instance has renewed its mark
   * @throws dev.partywall.error.ApiException as {@code Unavailable} if DynamoDB is unavailable
   */
  public boolean close(Runnable beforeEach) {
    for (var mark : marks()) {
      beforeEach.run();
      counts.updateLedger(mark.tenantHour());
      uncountedHours.removeMark(mark);
    }
    return marks().isEmpty();
  }

  private List<HourMark> marks() {
    var tenant = MeteredTenant.of(TenantContext.current());
    return uncountedHours.marks().stream()
        .filter(mark -> mark.tenantHour().tenant().equals(tenant))
        .toList();
  }
}
