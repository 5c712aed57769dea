package dev.partywall.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders that are deleted, with their content, at the end of this JVM. */
public final class TemporaryFolder {
  private static final Path PARENT = createParent();

  private TemporaryFolder() {}

  /** Creates an empty folder, whose name begins with this text. */
  public static Path create(String prefix) throws IOException {
    return Files.createTempDirectory(PARENT, prefix);
  }

  private static Path createParent() {
    try {
      var parent = Files.createTempDirectory("partywall-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(parent), "temporary-folder"));
      return parent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path parent) {
    try (var files = Files.walk(parent)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A process that ends at the same time can still write.
      System.err.println("Temporary files remain in " + parent + ": " + e);
    }
  }
}
