package dev.partywall.storage;

import java.util.List;

/**
 * Thrown if configured placements differ from the recorded ones. The message has one line per
 * tenant.
 */
public final class PlacementMismatchException extends Exception {
  private static final long serialVersionUID = 1L;

  PlacementMismatchException(List<String> mismatches) {
    super(String.join("\n", mismatches));
  }
}
