package dev.partywall.metering.meter;

import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.metering.meter.UsageMeter.NamedMeter;
import dev.partywall.storage.CapacityListener;
import dev.partywall.tenancy.TenantContext;
import java.util.List;

/**
 * Meters the capacity that operations consume for the bound tenant, in the hour of each call. The
 * amounts are part of the operator's cost. They are part of no bill of the tenant, and do not
 * determine the tier of the hour.
 */
public final class OperationMeter implements CapacityListener {
  /** The read units of operations. */
  public static final NamedMeter READ_UNITS = UsageMeter.operation(KernelMeter.READ_UNITS);

  /** The write units of operations. */
  public static final NamedMeter WRITE_UNITS = UsageMeter.operation(KernelMeter.WRITE_UNITS);

  /** The meters of the same capacity that requests consume, whose prices apply. */
  public static final List<KernelMeter> UNITS =
      List.of(KernelMeter.READ_UNITS, KernelMeter.WRITE_UNITS);

  /** All meters of operations, in the order of reports. */
  public static final List<NamedMeter> ALL = UNITS.stream().map(UsageMeter::operation).toList();

  private final TenantUsageCounters counters;

  /** Adds the capacity to {@code counters}. */
  OperationMeter(TenantUsageCounters counters) {
    this.counters = counters;
  }

  @Override
  public void consumed(long readThousandths, long writeThousandths) {
    if (TenantContext.isBound()) {
      var counter = counters.acquire(MeteredTenant.of(TenantContext.current()));
      counter.addOperationCapacity(readThousandths, writeThousandths);
      counter.release();
    }
  }
}
