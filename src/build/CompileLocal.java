import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/**
 * Compiles the service and the local stack for {@code ./mvnw -Plocal}, without static checks and in one run of the compiler.
 * maven-compiler-plugin needs two runs, each in a JVM of its own, which takes almost twice as long.
 *
 * <p>If any input has changed since the last run, every source file is compiled again. Otherwise nothing is compiled.
 */
final class CompileLocal {
  /** The service and the local stack. */
  private static final List<String> FOLDERS = List.of("src/main/java", "src/test/java/dev/partywall/local", "src/test/java/dev/partywall/orders/local");

  private CompileLocal() {}

  /** Arguments: the project folder, the folder for the classes, and the Java release. The class path is that of this JVM. */
  public static void main(String[] args) throws Exception {
    var root = Path.of(args[0]);
    var classes = Path.of(args[1]);
    var sources = new ArrayList<Path>();
    for (var folder : FOLDERS) {
      sources.addAll(sources(root.resolve(folder)));
    }
    var inputs = inputs(sources);
    // Absent while the classes are incomplete.
    var record = classes.resolveSibling("compiled.txt");
    if (Files.exists(record) && Files.readString(record).equals(inputs)) {
      System.out.println("No source file has changed.");
      return;
    }
    Files.deleteIfExists(record);
    deleteClasses(classes);
    System.out.println("Compiling " + sources.size() + " source files of the service and the local stack …");
    if (!compile(sources, classes, args[2])) {
      System.exit(1);
    }
    Files.writeString(record, inputs);
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java") && !file.toString().endsWith("Test.java")).sorted().toList();
    }
  }

  private static String inputs(List<Path> sources) throws IOException {
    var lines = new ArrayList<>(List.of(Runtime.version().toString(), System.getProperty("java.class.path")));
    for (var source : sources) {
      lines.add(source + " " + Files.size(source) + " " + Files.getLastModifiedTime(source));
    }
    return String.join("\n", lines);
  }

  /** Deletes only classes: the folder contains the resources, which are already copied. */
  private static void deleteClasses(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean compile(List<Path> sources, Path into, String release) {
    var arguments = new ArrayList<>(List.of("-d", into.toString(), "-cp", System.getProperty("java.class.path"), "--release", release, "-g", "-parameters", "-proc:none", "-Xlint:none"));
    sources.forEach(source -> arguments.add(source.toString()));
    return ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)) == 0;
  }
}
