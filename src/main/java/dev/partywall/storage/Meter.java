package dev.partywall.storage;

import java.util.regex.Pattern;

/**
 * A meter of a service, which counts writes exactly ({@link Write.Put#countedBy}). Only {@link
 * Meters} creates one.
 */
public final class Meter {
  private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,31}");

  private final String name;

  Meter(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("Invalid name of a meter: " + name);
    }
    this.name = name;
  }

  /** Returns the name in usage reports and price lists. */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
