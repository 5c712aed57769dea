import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Applies google-java-format to every source file: {@code check} reports, {@code write} rewrites. */
final class Format {
  public static void main(String[] args) throws Exception {
    var write = args[0].equals("write");
    var root = Path.of(args[1]);
    var unformatted = sources(root).parallelStream().filter(file -> isUnformatted(file, write)).map(root::relativize).toList();
    unformatted.forEach(file -> System.out.println((write ? "formatted: " : "not formatted: ") + file));
    if (!write && !unformatted.isEmpty()) {
      System.out.println("Run ./mvnw -Pformat");
      System.exit(1);
    }
  }

  /** Returns whether the formatter changes the file, and with {@code write} writes the change. */
  private static boolean isUnformatted(Path file, boolean write) {
    try {
      var before = Files.readString(file);
      var after = format(before);
      if (write && !before.equals(after)) {
        Files.writeString(file, after);
      }
      return !before.equals(after);
    } catch (Exception e) {
      throw new IllegalStateException("cannot format " + file, e);
    }
  }

  private static String format(String source) throws Exception {
    var imports = ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(source), Style.GOOGLE);
    return new Formatter().formatSource(imports);
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Stream.of("src/main/java", "src/test/java", "src/test/java-preview", "bench").map(root::resolve).filter(Files::isDirectory).flatMap(Format::walk)) {
      return files.filter(file -> file.toString().endsWith(".java") && !file.toString().contains("/target/")).sorted().toList();
    }
  }

  private static Stream<Path> walk(Path folder) {
    try {
      return Files.walk(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
