package dev.partywall.storage;

import java.util.List;

/** Tenants are to live elsewhere than their data does; one line for each. */
public final class PlacementsChanged extends Exception {
  private static final long serialVersionUID = 1L;

  PlacementsChanged(List<String> changes) {
    super(String.join("\n", changes));
  }
}
