package dev.partywall.storage;

import java.util.List;

/** Configured placements differ from the recorded ones. The message has one line per tenant. */
public final class PlacementMismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  PlacementMismatchException(List<String> changes) {
    super(String.join("\n", changes));
  }
}
