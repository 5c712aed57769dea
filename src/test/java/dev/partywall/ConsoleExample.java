package dev.partywall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands and the output in the console block of a document.
 *
 * @param commands the commands, each with its continuation lines
 * @param output the lines that the commands print
 */
public record ConsoleExample(List<String> commands, List<String> output) {
  private static final String PROMPT = "$ ";

  /** Copies the lists, which makes the record immutable. */
  public ConsoleExample {
    commands = List.copyOf(commands);
    output = List.copyOf(output);
  }

  /** Reads the first console block after a heading. Lines that start with # are comments. */
  public static ConsoleExample of(Path document, String heading) throws IOException {
    var text = Files.readString(document);
    var section = text.indexOf("\n" + heading + "\n");
    var start = text.indexOf("\n```console\n", section);
    if (section < 0 || start < 0) {
      throw new IllegalArgumentException("no example below " + heading);
    }
    var first = text.indexOf('\n', start + 1) + 1;
    return of(text.substring(first, text.indexOf("\n```", first)).lines().toList());
  }

  private static ConsoleExample of(List<String> lines) {
    var commands = new ArrayList<String>();
    var output = new ArrayList<String>();
    var continues = false;
    for (var line : lines) {
      if (continues) {
        commands.add(commands.removeLast() + "\n" + line);
      } else if (line.startsWith(PROMPT)) {
        commands.add(line.substring(PROMPT.length()));
      } else if (!line.startsWith("# ")) {
        output.add(line);
      }
      continues = line.endsWith("\\") && (continues || line.startsWith(PROMPT));
    }
    return new ConsoleExample(commands, output);
  }
}
