package dev.partywall.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tiers file without limits, for tests that send more requests than the built-in tiers permit.
 */
public final class UnlimitedTiers {
  private static final String JSON =
      """
      {"free":{"weight":1},"standard":{"weight":4},"premium":{"weight":16}}
      """;

  private UnlimitedTiers() {}

  /** Creates the file in a folder, and returns its path. */
  public static String in(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve("tiers.json"), JSON).toString();
  }
}
