package dev.partywall.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A service to start and measure.
 *
 * @param name short name for results and the command line
 * @param label name for readers
 * @param command arguments of {@code java} after the common flags
 * @param cachedCommand the same arguments, in the documented layout for the AOT cache
 * @param variables environment variables in addition to those of the AWS SDK
 * @param artefact the shipped file or directory
 */
record BenchService(
    String name,
    String label,
    List<String> command,
    List<String> cachedCommand,
    Map<String, String> variables,
    Path artefact) {

  /** Returns false for the floor, which does not verify tokens and cannot reject any. */
  boolean verifiesTokens() {
    return !name.equals("bare");
  }
}
