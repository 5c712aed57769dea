package dev.partywall.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules for source files. Each method returns the violations. */
final class SourceRules {
  private static final int MAX_FILES = 30;
  private static final int MAX_LINES = 300;

  private SourceRules() {}

  /** Returns the packages with more than 30 files, apart from {@code package-info.java}. */
  static List<String> largePackages(Path root) {
    return files(root)
        .filter(file -> !name(file).equals("package-info"))
        .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()))
        .entrySet()
        .stream()
        .filter(entry -> entry.getValue() > MAX_FILES)
        .map(entry -> root.relativize(entry.getKey()) + " has " + entry.getValue() + " files")
        .sorted()
        .toList();
  }

  /** Returns the files with more than 300 lines. */
  static List<String> longFiles(Path root) {
    return files(root)
        .filter(file -> text(file).lines().count() > MAX_LINES)
        .map(file -> root.relativize(file).toString())
        .sorted()
        .toList();
  }

  /** Returns the files in which the word {@code tenant} occurs outside {@code TenantTable}. */
  static List<String> filesThatMentionTenants(Path root) {
    return files(root)
        .filter(file ->
            text(file).replace("TenantTable", "").toLowerCase(Locale.ROOT).contains("tenant"))
        .map(file -> root.relativize(file).toString())
        .sorted()
        .toList();
  }

  /** Returns the Java files below a folder. */
  static Stream<Path> files(Path root) {
    try (var files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
