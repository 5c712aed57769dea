package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks README.md and docs: length, links, anchors, named source files and paths. */
class DocumentsTest {
  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("docs");
  private static final Path TALK = DOCS.resolve("talk.md");
  private static final int MAX_README_LINES = 200;

  private static final Path ORDER_ROUTES =
      Path.of("src/main/java/dev/partywall/orders/OrderRoutes.java");

  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *$");
  private static final Pattern SOURCE = Pattern.compile("src/[\\w./-]+\\.(?:java|yaml|json|txt)");

  /** Folders of a developer's machine. A container's own folders are permitted. */
  private static final Pattern MACHINE_PATH =
      Pattern.compile(
          "(?<![\\w./:~-])/(?:home|Users|root|tmp|srv|mnt|usr|private)/|\\b[A-Z]:\\\\|file://");

  static Stream<Path> documents() throws IOException {
    try (var files = Files.walk(DOCS)) {
      var pages = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
      return Stream.concat(Stream.of(README), pages.stream());
    }
  }

  @Test
  void readmeFitsIntoItsLimit() throws IOException {
    var lines = Files.readAllLines(README).size();

    assertTrue(lines <= MAX_README_LINES, () -> "README.md has " + lines + " lines");
  }

  @Test
  void readmeLinksEveryDocument() throws IOException {
    var linked = new TreeSet<>(links(README));

    assertEquals(
        List.of(),
        documents()
            .filter(document -> !document.equals(README))
            .filter(document -> !linked.contains(document.toString().replace('\\', '/')))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void relativeLinksResolve(Path document) throws IOException {
    var broken = new ArrayList<String>();
    for (var link : links(document)) {
      if (!resolves(document, link)) {
        broken.add(link);
      }
    }

    assertEquals(List.of(), broken);
  }

  @Test
  void sourceFilesInTheTalkExist() throws IOException {
    var files = sources(Files.readString(TALK));

    assertEquals(
        List.of(), files.stream().filter(file -> !Files.isRegularFile(Path.of(file))).toList());
    assertTrue(files.size() >= 20, () -> "only " + files.size() + " source files are named");
  }

  /** The page shows the code that remains as it is. */
  @Test
  void theTalkQuotesTheHandlerOfOrders() throws IOException {
    var code = JAVA.matcher(Files.readString(TALK)).results().map(block -> block.group(1)).toList();
    var source = Files.readString(ORDER_ROUTES).replaceAll("(?m)^  ", "");

    assertEquals(1, code.size());
    assertTrue(source.contains(code.getFirst()), code::getFirst);
  }

  /** Every stage that moves work out of the business code names the file that does the work. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7})
  void eachStageOfTheTalkNamesAFileInEachRow(int stage) throws IOException {
    var text = Files.readString(TALK);
    var start = text.indexOf("\n## Stage " + stage);
    var rows =
        text.substring(start, text.indexOf("\n## ", start + 1))
            .lines()
            .filter(line -> line.startsWith("| "))
            .skip(2) // the header and its separator
            .toList();

    assertTrue(rows.size() >= 2, () -> "rows of stage " + stage + ": " + rows);
    assertEquals(List.of(), rows.stream().filter(row -> sources(row).isEmpty()).toList());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void containsNoPathOfThisMachine(Path document) throws IOException {
    var text = Files.readString(document);

    assertEquals(List.of(), MACHINE_PATH.matcher(text).results().map(MatchResult::group).toList());
    assertEquals(-1, text.indexOf(Path.of("").toAbsolutePath().toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "see /home/alice/partywall",
        "`/srv/main`",
        "(/tmp/x)",
        "C:\\Users\\alice",
        "file:///etc/hosts"
      })
  void detectsAPathOfAMachine(String text) {
    assertTrue(MACHINE_PATH.matcher(text).find());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/home/x",
        "/opt/partywall/partywall.jar",
        "/var/lib/partywall",
        "GET /orders/{id}",
        "docs/tmp/x",
        "tokens://a"
      })
  void permitsOtherPaths(String text) {
    assertEquals(List.of(), MACHINE_PATH.matcher(text).results().toList());
  }

  @Test
  void computesAnchorsAsGithubDoes() {
    var text =
        """
        # The talk, point by point
        ## `GET /usage` and *more*
        ```
        # a comment
        ```
        ## Input that the JDK's server parses
        ## Twice
        ## Twice
        """;

    assertEquals(
        Set.of(
            "the-talk-point-by-point",
            "get-usage-and-more",
            "input-that-the-jdks-server-parses",
            "twice",
            "twice-1"),
        anchors(text));
  }

  private static boolean resolves(Path document, String link) throws IOException {
    var hash = link.indexOf('#');
    var path = hash < 0 ? link : link.substring(0, hash);
    var target = path.isEmpty() ? document : document.resolveSibling(path).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0 || anchors(Files.readString(target)).contains(link.substring(hash + 1));
  }

  /** Returns the links to files of the repository, outside code blocks. */
  private static List<String> links(Path document) throws IOException {
    return LINK.matcher(withoutCode(Files.readString(document)))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !SCHEME.matcher(link).matches())
        .toList();
  }

  private static List<String> sources(String text) {
    return SOURCE.matcher(text).results().map(MatchResult::group).distinct().toList();
  }

  /** Returns the anchors that GitHub derives from the headings. */
  private static Set<String> anchors(String text) {
    var uses = new HashMap<String, Integer>();
    var anchors = new HashSet<String>();
    HEADING
        .matcher(withoutCode(text))
        .results()
        .map(heading ->
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .forEach(anchor -> {
          var earlier = uses.merge(anchor, 1, Integer::sum) - 1;
          anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
        });
    return anchors;
  }

  private static String withoutCode(String text) {
    return FENCED.matcher(text).replaceAll("");
  }
}
