package dev.partywall.metering.meter;

import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.Meter;
import java.util.ArrayList;
import java.util.List;

/**
 * The meters of a service. Reports, prices and commands know these meters and no others.
 *
 * @param declared the meters that the capabilities declare, which count writes
 */
public record ServiceMeters(List<UsageMeter> declared) {
  /** Copies the list. */
  public ServiceMeters {
    declared = List.copyOf(declared);
  }

  /** Returns the meters of a service whose capabilities declare these meters. */
  public static ServiceMeters of(List<Meter> declared) {
    return new ServiceMeters(
        declared.stream().map(meter -> UsageMeter.declared(meter.name())).toList());
  }

  /** Returns whether the kernel has a meter with this name, which no capability may declare. */
  public static boolean isReserved(String name) {
    return KernelMeter.ALL.stream().anyMatch(meter -> meter.label().equals(name));
  }

  /** Returns all meters in the order of reports: the declared meters follow the bytes. */
  public List<UsageMeter> all() {
    var all = new ArrayList<UsageMeter>(KernelMeter.ALL);
    all.addAll(all.indexOf(KernelMeter.BYTES_OUT) + 1, declared);
    return all;
  }
}
