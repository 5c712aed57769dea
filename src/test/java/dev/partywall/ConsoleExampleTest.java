package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleExampleTest {
  @TempDir Path folder;

  @Test
  void separatesCommandsFromOutput() throws IOException {
    var document =
        Files.writeString(
            folder.resolve("page.md"),
            """
            ## First

            ```console
            $ other
            ```

            ## Second

            Text.

            ```console
            $ A=1
            # a comment
            $ for i in 1 2; do echo \\
                $i \\
                done
            1
            2
            $ echo
            ```
            """);

    assertEquals(
        new ConsoleExample(
            List.of("A=1", "for i in 1 2; do echo \\\n    $i \\\n    done", "echo"),
            List.of("1", "2")),
        ConsoleExample.of(document, "## Second"));
    assertThrows(IllegalArgumentException.class, () -> ConsoleExample.of(document, "## Third"));
  }
}
