package dev.partywall.service;

/** A counter on the metrics page. Safe for use by concurrent threads. */
public interface Counter {
  /** Adds one. */
  void increment();
}
