package dev.partywall.service;

/** A feature of the product, which is on or off for each tenant. */
public interface Feature {
  /** Returns the name. */
  String name();

  /**
   * Returns whether the feature is on for the bound tenant. It is off if the evaluation fails, or
   * if no tenant is bound.
   *
   * @throws IllegalStateException if the service has not started
   */
  boolean isOn();
}
