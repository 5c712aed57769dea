package dev.partywall.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellSyntaxTest {
  @Test
  void plainValuesAreNotQuoted() {
    var variables =
        new TreeMap<>(
            Map.of(
                "ROLE",
                "arn:aws:iam::1:role/a-b_c",
                "TOKEN",
                "x+/y==",
                "URL",
                "http://127.0.0.1:1"));
    assertEquals(
        "ROLE=arn:aws:iam::1:role/a-b_c\nTOKEN=x+/y==\nURL=http://127.0.0.1:1\n",
        ShellSyntax.assignments(variables));
  }

  @Test
  void aShellReadsEveryValueBack(@TempDir Path folder) throws Exception {
    var value = "/home/o'neil/my code (1) [x] $HOME `id` \"q\" \\ & ; * ~ #!";
    var file =
        Files.writeString(
            folder.resolve("a.env"), ShellSyntax.assignments(Map.of("V", value, "E", "")));
    var shell =
        new ProcessBuilder(
                "sh",
                "-c",
                ". " + ShellSyntax.word(file.toString()) + "; printf '%s|%s' \"$V\" \"$E\"")
            .start();
    assertEquals(
        value + "|", new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }
}
