package dev.partywall.storage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The meters that the capabilities of a service declare. */
public final class Meters {
  private final Map<String, Meter> byName = new LinkedHashMap<>();

  /**
   * Declares a meter.
   *
   * @throws IllegalArgumentException if the name is invalid or declared already
   */
  public Meter declare(String name) {
    var meter = new Meter(name);
    if (byName.putIfAbsent(name, meter) != null) {
      throw new IllegalArgumentException("The meter is declared twice: " + name);
    }
    return meter;
  }

  /** Returns the meters in the order of their declaration. */
  public List<Meter> all() {
    return List.copyOf(byName.values());
  }
}
