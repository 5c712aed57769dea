package dev.partywall.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.ClassPathJar;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDynamoTest {
  /** Starts the engine in a process of its own. */
  static final class Starter {
    private Starter() {}

    public static void main(String[] args) throws Exception {
      try (var _ = LocalDynamo.start()) {
        System.exit(0);
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
    }
  }

  @Test
  void explainsWhyItsNativeLibraryCannotBeLoaded(@TempDir Path folder) throws Exception {
    var missing = folder.resolve("missing");
    var process =
        new ProcessBuilder(
                ServiceProcess.javaExecutable(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + missing,
                "-cp",
                ClassPathJar.classPath(),
                Starter.class.getName())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(3, process.waitFor(), output);
    assertTrue(
        output.contains(
            "DynamoDB Local cannot load its native library. It unpacks the library into"
                + " java.io.tmpdir, which must be writable and permit execution: "
                + missing
                + ". No native library found"),
        output);
  }
}
