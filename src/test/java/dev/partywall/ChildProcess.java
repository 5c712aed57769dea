package dev.partywall;

import dev.partywall.local.ServiceProcess;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command that runs a class of this test run in a process of its own. All processes use one
 * cache of loaded classes (JEP 514), which halves the processor time of a start. The first process
 * of a build creates it, in about six seconds.
 */
public final class ChildProcess {
  /** Saves processor time in a process that ends after seconds. */
  private static final List<String> OPTIONS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final String CACHE = "classes.aot";

  /** The folder of the cache for the current classes. */
  private static final Path FOLDER =
      Path.of("target", "child").toAbsolutePath().resolve(fingerprint());

  private ChildProcess() {}

  /**
   * Returns a command that starts a class.
   *
   * @param options additional options of the JVM
   */
  public static List<String> command(Class<?> main, List<String> options, String... arguments)
      throws IOException {
    var cache = cache().map(file -> "-XX:AOTCache=" + file).stream();
    return commandOf(main, Stream.concat(cache, options.stream()).toList(), arguments);
  }

  private static List<String> commandOf(Class<?> main, List<String> options, String... arguments) {
    var command = new ArrayList<String>();
    command.add(ServiceProcess.javaExecutable());
    command.addAll(OPTIONS);
    command.addAll(options);
    command.add("-cp");
    command.add(classPath());
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Returns the cache. The first call of a build creates it; if this fails, the processes of the
   * build start without a cache, which takes longer and changes no result.
   */
  private static synchronized Optional<Path> cache() throws IOException {
    var cache = FOLDER.resolve(CACHE);
    if (!Files.exists(jar())) {
      deleteOthers();
      Files.createDirectories(FOLDER);
      writeJar();
      train(cache);
    }
    return Optional.of(cache).filter(Files::exists);
  }

  /** Deletes the caches of earlier compilations. */
  private static void deleteOthers() throws IOException {
    var all = FOLDER.resolveSibling("");
    if (Files.exists(all)) {
      try (var files = Files.walk(all)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Starts a service without dependencies, stops it, and records the classes that it loaded. */
  private static void train(Path cache) throws IOException {
    var complete = FOLDER.resolve("incomplete.aot");
    var options = List.of("-XX:AOTCacheOutput=" + complete);
    var builder = new ProcessBuilder(commandOf(Main.class, options));
    var log = FOLDER.resolve("training.log");
    builder.redirectError(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PARTYWALL_"));
    builder.environment().putAll(unreachable());
    var process = builder.start();
    CompletableFuture.delayedExecutor(3, TimeUnit.MINUTES).execute(process::destroyForcibly);
    try (var lines = process.inputReader()) {
      var line = lines.readLine();
      while (line != null && !line.contains("\"message\":\"Listening\"")) {
        line = lines.readLine();
      }
      process.toHandle().destroy();
      while (line != null) {
        line = lines.readLine();
      }
      var status = process.waitFor();
      if (status == 0 && Files.exists(complete)) {
        Files.move(complete, cache);
      } else {
        System.out.printf("The class cache was not created, status %d: %s%n", status, log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Map<String, String> unreachable() {
    var nowhere = "http://127.0.0.1:9";
    return Map.ofEntries(
        Map.entry("PARTYWALL_HOST", "127.0.0.1"),
        Map.entry("PARTYWALL_PORT", "0"),
        Map.entry("PARTYWALL_MANAGEMENT_PORT", "0"),
        Map.entry("PARTYWALL_ISSUERS", nowhere),
        Map.entry("PARTYWALL_AUDIENCE", "training"),
        Map.entry("PARTYWALL_ISOLATION", "application"),
        Map.entry("PARTYWALL_JOURNAL_DIR", FOLDER.resolve("journal").toString()),
        Map.entry("AWS_REGION", "eu-central-1"),
        Map.entry("AWS_ENDPOINT_URL", nowhere),
        Map.entry("AWS_ACCESS_KEY_ID", "test"),
        Map.entry("AWS_SECRET_ACCESS_KEY", "test"));
  }

  private static String classPath() {
    var jars =
        entries()
            .filter(Files::isRegularFile)
            // Its manifest names a folder, which a cache cannot contain. No child process uses it.
            .filter(file -> !file.getFileName().toString().startsWith("DynamoDBLocal"))
            .map(Path::toString);
    return Stream.concat(Stream.of(jar().toString()), jars)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Stream<Path> entries() {
    return Stream.of(ClassPathJar.classPath().split(File.pathSeparator)).map(Path::of);
  }

  private static Path jar() {
    return FOLDER.resolve("classes.jar");
  }

  /** Returns a value that differs after each compilation, with other libraries and another JVM. */
  private static String fingerprint() {
    var hash = 31L * System.getProperty("java.vm.version").hashCode();
    hash += entries().map(Path::toString).collect(Collectors.joining()).hashCode();
    try {
      for (var folder : entries().filter(Files::isDirectory).toList()) {
        try (var files = Files.walk(folder)) {
          for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
            hash = 31 * hash + file.toString().hashCode();
            hash = 31 * hash + Files.getLastModifiedTime(file).toMillis();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Long.toHexString(hash);
  }

  /** A class cache supports no folders on the class path, so one jar contains their files. */
  private static void writeJar() throws IOException {
    var written = new TreeSet<String>();
    var incomplete = FOLDER.resolve("incomplete.jar");
    try (var out =
        new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(incomplete)))) {
      out.setLevel(0);
      for (var folder : entries().filter(Files::isDirectory).toList()) {
        try (var files = Files.walk(folder)) {
          for (var file : files.filter(Files::isRegularFile).toList()) {
            var name = folder.relativize(file).toString().replace(File.separatorChar, '/');
            if (written.add(name)) {
              out.putNextEntry(new JarEntry(name));
              Files.copy(file, out);
            }
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Files.move(incomplete, jar());
  }
}
