import static java.util.stream.Collectors.joining;
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
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Takes one guard after the other out of the code, and looks whether a test turns red. The guards are
 * listed in src/test/guards; its README says in what form.
 *
 * <p>Each removal is compiled into a folder of its own, which comes first on the class path of a JVM
 * of its own: nothing of one trial is left in the next.
 */
final class Guards {
  /** Much more than the slowest trial takes: one that takes longer will not end at all. */
  private static final int PATIENCE_MINUTES = 5;

  /** One guard: how it is taken out, and the test classes of which one has to notice. */
  record Guard(String what, String file, String text, String instead, List<String> tests, Optional<String> equal) {}

  enum Verdict {
    RED,
    /** Survived, as the list says, and for the reason that it gives. */
    EQUAL,
    SURVIVED,
    /** Could not be tried, or the list is wrong about it. */
    BROKEN
  }

  record Result(Verdict verdict, String why) {}

  /** The list, or what it is about, is not as it has to be. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
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

  /** With the project's folder, and perhaps a word: then only guards of files with that word in their path. */
  public static void main(String[] args) throws Exception {
    System.exit(new Guards(Path.of(args[0])).run(args.length > 1 ? args[1] : "") ? 0 : 1);
  }

  private boolean run(String word) throws Exception {
    var guards = new ArrayList<>(listed());
    guards.removeIf(guard -> !guard.file().contains(word));
    compile(root.resolve("src/build/Guards.java"), work.resolve("runner"));
    var tests = guards.stream().flatMap(guard -> guard.tests().stream()).distinct().toList();
    var untouched = trial("untouched", tests);
    System.out.println("untouched: " + untouched.orElse("green"));
    return untouched.isEmpty() && areHeld(guards);
  }

  private boolean areHeld(List<Guard> guards) throws Exception {
    var totals = new EnumMap<Verdict, Integer>(Verdict.class);
    var table = new ArrayList<>(List.of("| guard | in | taken out |", "|---|---|---|"));
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
        System.out.printf("%03d %s  %s: %s  [%s]%n", i + 1, result.verdict(), guards.get(i).file(), guards.get(i).what(), result.why());
        table.add("| %s | %s | %s: %s |".formatted(guards.get(i).what(), guards.get(i).file(), result.verdict(), result.why()));
      }
    }
    Files.write(work.resolve("table.md"), table);
    System.out.println(guards.size() + " guards: " + totals);
    return !totals.containsKey(Verdict.SURVIVED) && !totals.containsKey(Verdict.BROKEN);
  }

  private Result result(Guard guard, String name) throws Exception {
    try {
      compile(edited(guard, name), work.resolve(name));
      var noticed = trial(name, guard.tests());
      if (noticed.isPresent()) {
        return guard.equal().isEmpty() ? new Result(Verdict.RED, noticed.get()) : new Result(Verdict.BROKEN, "is noticed, but listed as equal");
      }
      return guard.equal().map(why -> new Result(Verdict.EQUAL, why)).orElseGet(() -> new Result(Verdict.SURVIVED, "none of " + String.join(" ", guard.tests())));
    } catch (Broken e) {
      return new Result(Verdict.BROKEN, e.getMessage());
    }
  }

  /** The file without the guard. */
  private Path edited(Guard guard, String name) throws IOException, Broken {
    var source = Files.readString(root.resolve("src/main/java/dev/partywall").resolve(guard.file()));
    var matcher = anyWhiteSpace(guard.text()).matcher(source);
    if (!matcher.find()) {
      throw new Broken("its text is not in the file");
    }
    var edited = source.substring(0, matcher.start()) + guard.instead() + source.substring(matcher.end());
    if (matcher.find()) {
      throw new Broken("its text is more than once in the file");
    }
    var file = work.resolve("sources").resolve(name).resolve(guard.file());
    Files.createDirectories(file.getParent());
    return Files.writeString(file, edited);
  }

  /** The text with whatever white space the formatter puts between its words. */
  private static Pattern anyWhiteSpace(String text) {
    return Pattern.compile(Stream.of(text.strip().split("\\s+")).map(Pattern::quote).reduce((a, b) -> a + "\\s+" + b).orElseThrow());
  }

  private void compile(Path source, Path into) throws IOException, Broken {
    Files.createDirectories(into);
    var said = new ByteArrayOutputStream();
    var code = ToolProvider.getSystemJavaCompiler().run(null, said, said, "-d", into.toString(), "-cp", classPath, "-proc:none", "-implicit:none", "-nowarn", "-parameters", source.toString());
    if (code != 0) {
      throw new Broken("does not compile: " + said);
    }
  }

  /** Which test noticed, if one did. */
  private Optional<String> trial(String name, List<String> tests) throws IOException, InterruptedException, Broken {
    var verdict = work.resolve(name + ".verdict");
    Files.deleteIfExists(verdict);
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    // Those that this JVM was started with are those that the tests need.
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(Stream.of(work.resolve(name), work.resolve("runner"), classPath).map(Object::toString).collect(joining(File.pathSeparator)));
    command.addAll(List.of("Guards$Trial", verdict.toString()));
    command.addAll(tests);
    var process = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true).redirectOutput(work.resolve(name + ".log").toFile()).start();
    if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new Broken("does not end");
    }
    if (!Files.exists(verdict)) {
      throw new Broken("no verdict: see target/guards/" + name + ".log");
    }
    return Files.readString(verdict).lines().findFirst().filter(said -> !said.equals("green"));
  }

  private List<Guard> listed() throws IOException, Broken {
    var guards = new ArrayList<Guard>();
    try (var files = Files.list(root.resolve("src/test/guards"))) {
      for (var file : files.filter(it -> it.toString().endsWith(".txt")).sorted().toList()) {
        var folder = file.getFileName().toString().replace(".txt", "");
        for (var paragraph : Files.readString(file).split("\n\n+")) {
          guards.add(guard(folder, paragraph.lines().toList()));
        }
      }
    }
    return guards;
  }

  private static Guard guard(String folder, List<String> lines) throws Broken {
    var file = all("in ", lines).strip();
    var tests = Stream.of(all("by ", lines).strip().split("\\s+")).map(test -> "dev.partywall." + (test.contains(".") ? test : folder + "." + test)).toList();
    var guard = new Guard(lines.getFirst(), folder + "/" + file + ".java", all("- ", lines), all("+ ", lines), tests, Optional.of(all("equal ", lines)).filter(why -> !why.isBlank()).map(String::strip));
    if (file.isEmpty() || guard.text().isBlank()) {
      throw new Broken("a guard lacks its file or its text: " + lines.getFirst());
    }
    return guard;
  }

  private static String all(String mark, List<String> lines) {
    return lines.stream().skip(1).filter(line -> line.startsWith(mark)).map(line -> line.substring(mark.length())).collect(joining("\n"));
  }

  /** Runs tests in a JVM of their own, up to the first that fails. */
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
        trial.end("green");
      }
      Runtime.getRuntime().halt(1);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      ran |= test.isTest();
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        var trace = new StringWriter();
        result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(new PrintWriter(trace)));
        end(test.getSource().map(Trial::named).orElseGet(test::getDisplayName) + "\n" + trace);
      }
    }

    private static String named(Object source) {
      return switch (source) {
        case MethodSource it -> it.getJavaClass().getSimpleName() + "." + it.getMethodName();
        case ClassSource it -> it.getJavaClass().getSimpleName();
        default -> source.toString();
      };
    }

    private void end(String said) {
      try {
        Files.writeString(verdict, said);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().halt(0);
    }
  }
}
