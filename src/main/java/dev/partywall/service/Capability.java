package dev.partywall.service;

/**
 * A product feature. It declares meters, settings and counters, and returns its routes. A service
 * consists of one or more capabilities.
 */
@FunctionalInterface
public interface Capability {
  /**
   * Declares the capability. The kernel calls this method once, before it opens a port or calls
   * AWS, for the service and for each command that needs the declarations. An exception of this
   * method is reported in one line, and the process exits with status 2.
   *
   * @param kernel accepts declarations until this method returns
   */
  Offering of(Kernel kernel);
}
