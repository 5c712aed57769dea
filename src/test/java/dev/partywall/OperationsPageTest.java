package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares docs/operations.md with the sources: metrics, variables and exit codes. */
class OperationsPageTest {
  private static final Path PAGE = Path.of("docs/operations.md");
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path HELP = Path.of("src/main/resources/dev/partywall/runtime");

  private static final Pattern METRIC = Pattern.compile("\"(partywall_[a-z_]+)\"");
  private static final Pattern LISTED_METRIC = Pattern.compile("`(partywall_[a-z_]+?)(?:_total)?`");
  private static final Pattern VARIABLE = Pattern.compile("PARTYWALL_[A-Z]+(?:_[A-Z]+)*");
  private static final Pattern EXIT_CODE = Pattern.compile("(?m)^ {2}(\\d) {2}\\S");
  private static final Pattern CELL_BORDER = Pattern.compile(" *\\| *");

  /** No variable of the service: its use ends the start. */
  private static final String REMOVED_VARIABLE = "PARTYWALL_PLACEMENTS";

  @Test
  void listsEveryMetricOfTheService() throws IOException {
    var declared = new TreeSet<String>();
    for (var file : files(MAIN)) {
      declared.addAll(found(METRIC, Files.readString(file)));
    }
    assertTrue(declared.size() > 15, declared::toString);
    assertEquals(declared, found(LISTED_METRIC, section("## Metrics and alerts")));
  }

  @Test
  void listsEveryVariableOfTheHelp() throws IOException {
    var listed = found(VARIABLE, section("## Configuration"));
    var help = found(VARIABLE, Files.readString(HELP.resolve("help.txt")));
    help.remove(REMOVED_VARIABLE);
    assertTrue(help.size() > 20, help::toString);
    help.removeAll(listed);
    assertEquals(Set.of(), help);
  }

  @Test
  void statesTheExitCodesOfTheHelpOfEachCommand() throws IOException {
    var helps = new TreeMap<String, Set<String>>();
    for (var file : files(HELP)) {
      var name = file.getFileName().toString();
      if (name.startsWith("help-")) {
        var command = name.substring("help-".length(), name.indexOf('.'));
        helps.put(command, found(EXIT_CODE, Files.readString(file)));
      }
    }
    assertEquals(helps, exitCodesOfThePage());
  }

  /** Returns the exit codes of each command: the columns 0 to 4 of the table with an entry. */
  private static Map<String, Set<String>> exitCodesOfThePage() throws IOException {
    var codes = new TreeMap<String, Set<String>>();
    for (var row : section("## Exit codes").lines().filter(line -> line.contains("`")).toList()) {
      var cells = CELL_BORDER.split(row, -1);
      var command = cells[1].replaceAll(".*`([a-z-]+)`.*", "$1");
      var used = new TreeSet<String>();
      for (var code = 0; code <= 4; code++) {
        if (!cells[code + 2].equals("–")) {
          used.add(Integer.toString(code));
        }
      }
      codes.put(command, used);
    }
    codes.keySet().removeIf(command -> command.contains("--"));
    return codes;
  }

  /** Returns the text from a heading to the next one of the same level. */
  private static String section(String heading) throws IOException {
    var page = Files.readString(PAGE);
    var start = page.indexOf("\n" + heading + "\n") + 1;
    assertTrue(start > 0, heading);
    var end = page.indexOf("\n## ", start);
    return page.substring(start, end < 0 ? page.length() : end);
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(match.groupCount()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
