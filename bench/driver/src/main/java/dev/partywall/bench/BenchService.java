package dev.partywall.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A service that can be started.
 *
 * @param name short, as in results and on the command line
 * @param label as a reader sees it
 * @param command what follows {@code java} and the flags that are the same for all
 * @param cachedCommand the same, laid out as its documentation has it for the JVM's AOT cache
 * @param variables of the environment, beside those of the AWS SDK
 * @param artefact what is shipped: a file, or a folder
 */
record BenchService(
    String name,
    String label,
    List<String> command,
    List<String> cachedCommand,
    Map<String, String> variables,
    Path artefact) {

  /** The floor reads no token, so it can't refuse one. */
  boolean readsTokens() {
    return !name.equals("bare");
  }
}
