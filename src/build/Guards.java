import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Removes each guard from the code in turn and checks that a test fails. The guards are listed in
 * src/test/guards; its README defines the format.
 *
 * <p>Each removal is compiled into a separate folder, which precedes the other classes on the class
 * path of a separate JVM. Trials are therefore independent.
 */
final class Guards {
  /** Much longer than the slowest trial. A longer trial counts as a hang. */
  private static final int TRIAL_TIMEOUT_MINUTES = 5;

  /** A guard, its removal, and the test classes, at least one of which must detect the removal. */
  record Guard(String description, String file, String text, String replacement, List<String> tests, Optional<String> equivalent) {}

  enum Verdict {
    DETECTED,
    /** Survived, as expected for the reason in the list. */
    EQUIVALENT,
    SURVIVED,
    /** The removal could not be tested, or the list is wrong. */
    INVALID
  }

  record Result(Verdict verdict, String reason) {}

  /** The list or a listed source is invalid. */
  static final class InvalidGuard extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidGuard(String message) {
      super(message);
    }
  }

  private final Path root;
  private final Path work;
  private final String classPath = System.getProperty("java.class.path");

  private Guards(Path root) {
    this.root = root;
    this.work = root.resolve("target/guards");
  }

  /** Arguments: the project folder, and optionally a text that the paths of the tested files contain. */
  public static void main(String[] args) throws Exception {
    System.exit(new Guards(Path.of(args[0])).run(args.length > 1 ? args[1] : "") ? 0 : 1);
  }

  private boolean run(String pathFilter) throws Exception {
    var guards = new ArrayList<>(listed());
    guards.removeIf(guard -> !guard.file().contains(pathFilter));
    if (guards.isEmpty()) {
      System.out.println("No guard is of a file whose path below src/main/java/dev/partywall contains \"" + pathFilter + "\"");
      return false;
    }
    compile(root.resolve("src/build/Guards.java"), work.resolve("runner"));
    var tests = guards.stream().flatMap(guard -> guard.tests().stream()).distinct().toList();
    var unmodified = trial("unmodified", tests);
    System.out.println("unmodified: " + unmodified.orElse("passed"));
    return unmodified.isEmpty() && areDetected(guards);
  }

  private boolean areDetected(List<Guard> guards) throws Exception {
    var totals = new EnumMap<Verdict, Integer>(Verdict.class);
    var table = new ArrayList<>(List.of("| guard | file | result of the removal |", "|---|---|---|"));
    try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      var results = new ArrayList<Future<Result>>();
      for (int i = 0; i < guards.size(); i++) {
        var guard = guards.get(i);
        var name = "%03d".formatted(i + 1);
        results.add(threads.submit(() -> result(guard, name)));
      }
      for (int i = 0; i < guards.size(); i++) {
        var result = results.get(i).get();
        totals.merge(result.verdict(), 1, Integer::sum);
        System.out.printf("%03d %s  %s: %s  [%s]%n", i + 1, result.verdict(), guards.get(i).file(), guards.get(i).description(), result.reason());
        table.add("| %s | %s | %s: %s |".formatted(guards.get(i).description(), guards.get(i).file(), result.verdict(), result.reason()));
      }
    }
    Files.write(work.resolve("table.md"), table);
    System.out.println(guards.size() + " guards: " + totals);
    return !totals.containsKey(Verdict.SURVIVED) && !totals.containsKey(Verdict.INVALID);
  }

  private Result result(Guard guard, String name) throws Exception {
    try {
      compile(edited(guard, name), work.resolve(name));
      var detected = trial(name, guard.tests());
      if (detected.isPresent()) {
        return guard.equivalent().isEmpty() ? new Result(Verdict.DETECTED, detected.get()) : new Result(Verdict.INVALID, "detected, but listed as equal");
      }
      return guard.equivalent().map(reason -> new Result(Verdict.EQUIVALENT, reason)).orElseGet(() -> new Result(Verdict.SURVIVED, "not detected by " + String.join(" ", guard.tests())));
    } catch (InvalidGuard e) {
      return new Result(Verdict.INVALID, e.getMessage());
    }
  }

  /** Writes the source file without the guard. */
  private Path edited(Guard guard, String name) throws IOException, InvalidGuard {
    var source = Files.readString(root.resolve("src/main/java/dev/partywall").resolve(guard.file()));
    var matcher = anyWhiteSpace(guard.text()).matcher(source);
    if (!matcher.find()) {
      throw new InvalidGuard("the file does not contain the text");
    }
    var edited = source.substring(0, matcher.start()) + guard.replacement() + source.substring(matcher.end());
    if (matcher.find()) {
      throw new InvalidGuard("the file contains the text more than once");
    }
    var file = work.resolve("sources").resolve(name).resolve(guard.file());
    Files.createDirectories(file.getParent());
    return Files.writeString(file, edited);
  }

  /** Matches the text with any white space around its words and symbols: the formatter may break a line there. */
  private static Pattern anyWhiteSpace(String text) {
    return Pattern.compile(Stream.of(text.strip().split("\\s+|(?<=\\W)|(?=\\W)")).filter(part -> !part.isBlank()).map(Pattern::quote).collect(Collectors.joining("\\s*")));
  }

  private void compile(Path source, Path into) throws IOException, InvalidGuard {
    Files.createDirectories(into);
    var output = new ByteArrayOutputStream();
    var code = ToolProvider.getSystemJavaCompiler().run(null, output, output, "-d", into.toString(), "-cp", classPath, "-proc:none", "-implicit:none", "-nowarn", "-parameters", source.toString());
    if (code != 0) {
      throw new InvalidGuard("does not compile: " + output);
    }
  }

  /** Runs the tests and returns the first failed test, if any. */
  private Optional<String> trial(String name, List<String> tests) throws IOException, InterruptedException, InvalidGuard {
    var verdict = work.resolve(name + ".verdict");
    Files.deleteIfExists(verdict);
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    // The tests need the JVM arguments of this JVM.
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(Stream.of(work.resolve(name), work.resolve("runner"), classPath).map(Object::toString).collect(joining(File.pathSeparator)));
    command.addAll(List.of("Guards$Trial", verdict.toString()));
    command.addAll(tests);
    var process = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true).redirectOutput(work.resolve(name + ".log").toFile()).start();
    if (!process.waitFor(TRIAL_TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new InvalidGuard("timed out");
    }
    if (!Files.exists(verdict)) {
      throw new InvalidGuard("no verdict: see target/guards/" + name + ".log");
    }
    return Files.readString(verdict).lines().findFirst().filter(line -> !line.equals("passed"));
  }

  private List<Guard> listed() throws IOException, InvalidGuard {
    var guards = new ArrayList<Guard>();
    var sources = filesByType("src/main/java/dev/partywall");
    var tests = filesByType("src/test/java/dev/partywall");
    try (var files = Files.list(root.resolve("src/test/guards"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".txt")).sorted().toList()) {
        for (var paragraph : Files.readString(file).split("\n\n+")) {
          guards.add(parse(paragraph.lines().toList(), sources, tests));
        }
      }
    }
    return guards;
  }

  /** Returns each type's file, relative to the folder. No two types of a folder share a name. */
  private Map<String, String> filesByType(String folder) throws IOException {
    try (var files = Files.walk(root.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
          .map(file -> root.resolve(folder).relativize(file).toString())
          .collect(toMap(file -> file.substring(file.lastIndexOf('/') + 1).replace(".java", ""), file -> file));
    }
  }

  private static Guard parse(List<String> lines, Map<String, String> sources, Map<String, String> testFiles) throws InvalidGuard {
    var type = linesWith("in ", lines).strip();
    var names = linesWith("by ", lines).strip().split("\\s+");
    if (!sources.containsKey(type) || !Stream.of(names).allMatch(testFiles::containsKey)) {
      throw new InvalidGuard("a guard names a type or a test that does not exist: " + lines.getFirst());
    }
    var tests = Stream.of(names).map(test -> "dev.partywall." + testFiles.get(test).replace(".java", "").replace('/', '.')).toList();
    var guard = new Guard(lines.getFirst(), sources.get(type), linesWith("- ", lines), linesWith("+ ", lines), tests, Optional.of(linesWith("equal ", lines)).filter(reason -> !reason.isBlank()).map(String::strip));
    if (guard.text().isBlank()) {
      throw new InvalidGuard("a guard lacks its text: " + lines.getFirst());
    }
    return guard;
  }

  private static String linesWith(String prefix, List<String> lines) {
    return lines.stream().skip(1).filter(line -> line.startsWith(prefix)).map(line -> line.substring(prefix.length())).collect(joining("\n"));
  }

  /** Runs tests in a separate JVM until the first failure. */
  static final class Trial implements TestExecutionListener {
    private final Path verdict;
    private boolean ran;

    private Trial(Path verdict) {
      this.verdict = verdict;
    }

    public static void main(String[] args) throws Exception {
      var classes = Stream.of(args).skip(1).map(name -> selectClass(name)).toList();
      var trial = new Trial(Path.of(args[0]));
      LauncherFactory.create().execute(request().selectors(classes).build(), trial);
      if (trial.ran) {
        trial.end("passed");
      }
      Runtime.getRuntime().halt(1);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      ran |= test.isTest();
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        var trace = new StringWriter();
        result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(new PrintWriter(trace)));
        end(test.getSource().map(Trial::name).orElseGet(test::getDisplayName) + "\n" + trace);
      }
    }

    private static String name(Object source) {
      return switch (source) {
        case MethodSource method -> method.getJavaClass().getSimpleName() + "." + method.getMethodName();
        case ClassSource type -> type.getJavaClass().getSimpleName();
        default -> source.toString();
      };
    }

    private void end(String result) {
      try {
        Files.writeString(verdict, result);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().halt(0);
    }
  }
}
