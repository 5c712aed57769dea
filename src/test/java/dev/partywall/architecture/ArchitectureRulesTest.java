package dev.partywall.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.partywall.ClassPathJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that each rule detects each kind of its violations, in code that violates it. */
class ArchitectureRulesTest {
  private static final Pattern NAME = Pattern.compile("\\b(?:class|record|enum|interface) (\\w+)");
  private static final List<Sample> SAMPLES = samples();

  @TempDir static Path folder;

  /** A single import, because each one imports classes of the JDK. */
  private static JavaClasses allClasses;

  /**
   * Code that violates a rule.
   *
   * @param sources pairs of a package and a type; ROOT stands for the root package of the sample
   */
  private record Sample(String rule, List<String> sources) {
    Sample(String rule, String... sources) {
      this(rule, List.of(sources));
    }

    void write(Path folder, String root) throws IOException {
      for (var i = 0; i < sources.size(); i += 2) {
        var name = NAME.matcher(sources.get(i + 1));
        assertTrue(name.find(), sources.get(i + 1));
        var path = sources.get(i).isEmpty() ? root : root + "." + sources.get(i);
        var file = folder.resolve(path.replace('.', '/')).resolve(name.group(1) + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(
            file, "package " + path + ";\n" + sources.get(i + 1).replace("ROOT", root) + "\n");
      }
    }

    @Override
    public String toString() {
      return rule + ": " + sources.get(1);
    }
  }

  private static List<Sample> samples() {
    var samples = new ArrayList<Sample>();
    samples.addAll(dependencies());
    samples.addAll(cycles());
    samples.addAll(storage());
    samples.addAll(libraries());
    samples.addAll(constants());
    samples.addAll(general());
    return samples;
  }

  /** Each package with a dependency on each package that is not permitted. */
  private static List<Sample> dependencies() {
    var others = new TreeSet<>(ArchitectureRules.kernel());
    others.addAll(List.of("", "orders"));
    var samples = new ArrayList<Sample>();
    for (var from : ArchitectureRules.kernel()) {
      others.stream()
          .filter(to -> !to.equals(from) && !ArchitectureRules.permitted(from).contains(to))
          .forEach(to -> samples.add(dependency("package " + from, from, to)));
      samples.add(dependency("package " + from, from + ".part", ""));
    }
    for (var to :
        List.of("tenancy", "isolation", "identity", "concurrent", "peers", "runtime", "bills")) {
      samples.add(dependency("business: packages", "orders", to));
    }
    samples.add(dependency("business: packages", "orders.part", ""));
    samples.add(dependency("business: packages", "bills", "orders"));
    return samples;
  }

  private static Sample dependency(String rule, String from, String to) {
    var target = to.isEmpty() ? "ROOT.Target" : "ROOT." + to + ".Target";
    return new Sample(
        rule, from, "class Source { " + target + " target; }", to, "public class Target {}");
  }

  /** A cycle between two parts, one through a third part, and one through the package itself. */
  private static List<Sample> cycles() {
    var samples = new ArrayList<Sample>();
    for (var name : List.of("http", "tenancy", "metering", "observability")) {
      samples.add(cycle(name, name + ".a", name + ".b"));
      samples.add(cycle(name, name + ".a", name + ".b.deep", name + ".c"));
      samples.add(cycle(name, name, name + ".a"));
    }
    return samples;
  }

  /** Each package depends on the next one, and the last one on the first. */
  private static Sample cycle(String name, String... packages) {
    var sources = new ArrayList<String>();
    for (var i = 0; i < packages.length; i++) {
      var next = (i + 1) % packages.length;
      sources.add(packages[i]);
      sources.add(
          "public class Type%d { ROOT.%s.Type%d next; }".formatted(i, packages[next], next));
    }
    return new Sample("cycles in " + name, sources);
  }

  private static List<Sample> storage() {
    return List.of(
        new Sample(
            "business: storage",
            "orders",
            "class A { ROOT.storage.Attributes attributes; }",
            "storage",
            "public class Attributes {}"),
        new Sample(
            "business: storage",
            "orders",
            "class A { ROOT.storage.dynamo.Item item; }",
            "storage.dynamo",
            "public class Item {}"),
        new Sample(
            "business: storage",
            "orders",
            "class A { ROOT.storage.Raw.Item item; }",
            "storage",
            "public class Raw { public static class Item {} }"),
        new Sample(
            "business: tenants",
            "orders",
            "class A { ROOT.http.TenantHost host; }",
            "http",
            "public class TenantHost {}"));
  }

  private static List<Sample> libraries() {
    return Stream.of(
            "software.amazon.awssdk.services.dynamodb.DynamoDbClient type;",
            "software.amazon.awssdk.core.SdkBytes[] type;",
            "java.net.URI type;",
            "java.net.http.HttpClient type;",
            "org.slf4j.helpers.NOPLogger type;",
            "org.slf4j.MDC type;",
            "io.prometheus.metrics.core.metrics.Counter type;",
            "com.nimbusds.jose.JWSAlgorithm type;",
            "Object type() { return java.net.InetAddress.getLoopbackAddress(); }",
            "Object type() { return software.amazon.awssdk.regions.Region.of(\"x\"); }")
        .map(member -> new Sample("business: libraries", "orders", "class A { " + member + " }"))
        .toList();
  }

  private static List<Sample> constants() {
    return List.of(
        field("business: final fields", "static int calls;"),
        field("business: final fields", "static String last;"),
        field("business: constants", "static final int[] CALLS = {0};"),
        field("business: constants", "static final StringBuilder TEXT = null;"),
        field("business: constants", "static final java.util.ArrayList<String> ALL = null;"),
        field("business: constants", "static final Runnable TASK = null;"),
        field("business: constants", "static final Object LOCK = null;"),
        field(
            "business: constants",
            "static final java.util.concurrent.atomic.AtomicLong CALLS = null;"),
        new Sample(
            "business: constants",
            "orders",
            "class A { static final ROOT.http.State STATE = null; }",
            "http",
            "public class State { final int constant = 1; int variable; }"),
        field(
            "business: initializers",
            "static final java.util.Map<String, String> CACHE = new java.util.HashMap<>();"),
        field(
            "business: initializers",
            "static final java.util.List<String> ALL = new java.util.ArrayList<>();"),
        field(
            "business: initializers",
            "static final java.util.Set<String> ALL ="
                + " java.util.concurrent.ConcurrentHashMap.newKeySet();"));
  }

  private static Sample field(String rule, String field) {
    return new Sample(rule, "orders", "class A { " + field + " }");
  }

  private static List<Sample> general() {
    var exchange = "com.sun.net.httpserver.HttpExchange";
    var client = "java.net.http.HttpClient";
    var dynamo = "software.amazon.awssdk.services.dynamodb.DynamoDbClient";
    var samples =
        new ArrayList<>(
            List.of(
                new Sample("http server", "orders", "class A { " + exchange + " exchange; }"),
                new Sample("http server", "http", "class JdkServer { " + exchange + " exchange; }"),
                new Sample(
                    "http server", "http.server", "class JdkServers { " + exchange + " a; }"),
                new Sample("http client", "peers", "class A { " + client + " client; }"),
                new Sample("http client", "http", "class OutgoingHttp { " + client + " client; }"),
                new Sample(
                    "http client", "http.client", "class OutgoingHttps { " + client + " a; }"),
                new Sample(
                    "dynamo clients",
                    "storage",
                    "class A { Object a = " + dynamo + ".builder(); }"),
                new Sample(
                    "dynamo clients", "runtime", "class A { Object a = " + dynamo + ".create(); }"),
                new Sample("thread locals", "http", "class A { ThreadLocal<String> a; }"),
                new Sample("thread locals", "http", "class A extends InheritableThreadLocal<A> {}"),
                new Sample(
                    "exchange attributes",
                    "http.server",
                    "class JdkServer { void set("
                        + exchange
                        + " e) { e.setAttribute(\"\", 1); } }"),
                new Sample("environment", "runtime", "class A { Object a = System.getenv(); }"),
                new Sample(
                    "environment", "runtime", "class A { Object a = System.getenv(\"A\"); }"),
                new Sample(
                    "environment", "runtime", "class Main { Object a = System.getenv(); }")));
    Stream.of("TextUtil", "TextUtils", "TableHelper", "TableManager", "TableImpl")
        .forEach(name -> samples.add(new Sample("names", "http", "class " + name + " {}")));
    return samples;
  }

  static Stream<Integer> indices() {
    return IntStream.range(0, SAMPLES.size()).boxed();
  }

  @BeforeAll
  static void compile() throws IOException {
    var sources = folder.resolve("sources");
    for (var i = 0; i < SAMPLES.size(); i++) {
      SAMPLES.get(i).write(sources, "sample" + i);
    }
    var arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", folder.toString()));
    arguments.add("-cp");
    arguments.add(ClassPathJar.classPath());
    SourceRules.files(sources).forEach(file -> arguments.add(file.toString()));
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertEquals(0, compiler.run(null, null, null, arguments.toArray(String[]::new)));
    allClasses = new ClassFileImporter().importPath(folder);
  }

  @ParameterizedTest
  @MethodSource("indices")
  void theRuleDetectsTheViolation(int index) {
    var sample = SAMPLES.get(index);
    var rule = new ArchitectureRules("sample" + index).all().get(sample.rule());
    assertTrue(rule.evaluate(classes(index)).hasViolation(), sample::toString);
  }

  private static JavaClasses classes(int index) {
    return allClasses.that(resideInAPackage("sample" + index + ".."));
  }

  @Test
  void everyRuleHasASample() {
    assertEquals(
        new ArchitectureRules("dev.partywall").all().keySet(),
        SAMPLES.stream().map(Sample::rule).collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void everyRuleFailsWithoutClasses() {
    var none = new ClassFileImporter().importClasses();
    new ArchitectureRules("dev.partywall")
        .all()
        .forEach((name, rule) -> assertThrows(AssertionError.class, () -> rule.check(none), name));
  }

  /** The samples 0 and 1 both contain the types Source and Target. */
  @Test
  void detectsSharedNames() {
    assertEquals(Map.of(), ArchitectureTest.sharedNames(classes(0)));
    var both = allClasses.that(resideInAnyPackage("sample0..", "sample1.."));
    assertEquals(Set.of("Source", "Target"), ArchitectureTest.sharedNames(both).keySet());
  }
}
