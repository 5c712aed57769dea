package dev.partywall.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The ids of the instances that have used a journal directory, one per line. One process at a time
 * locks the directory. The process that has the lock therefore knows that the earlier ones have
 * ended, also after {@code kill -9}. Other instances would wait for them for 75 minutes.
 *
 * @param directory the journal directory, locked by this process
 */
record InstanceFile(Path directory) {
  private static final String NAME = "instances";

  /** Adds an instance and returns the earlier ones. */
  Set<String> add(String id) {
    try {
      var earlier =
          new LinkedHashSet<>(Files.exists(file()) ? Files.readAllLines(file()) : List.of());
      var all = new LinkedHashSet<>(earlier);
      all.add(id);
      Files.write(file(), all);
      return earlier;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes all instances except one. */
  void retain(String id) {
    try {
      Files.write(file(), List.of(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file() {
    return directory.resolve(NAME);
  }
}
