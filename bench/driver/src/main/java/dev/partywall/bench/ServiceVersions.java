package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Reads the measured versions from the files. */
final class ServiceVersions {
  private final BenchPaths paths;

  ServiceVersions(BenchPaths paths) {
    this.paths = paths;
  }

  String of(BenchService service) throws IOException {
    return switch (service.name()) {
      case "spring", "spring-cached" ->
          versionIn(paths.work().resolve("spring/lib"), "spring-boot-(\\d[^-]*)\\.jar");
      case "quarkus" ->
          versionIn(service.artefact().resolve("lib"), ".*quarkus-core-(\\d.*)\\.jar");
      case "helidon" -> versionIn(service.artefact(), "helidon-webserver-(\\d.*)\\.jar");
      case "bare" -> Runtime.version().feature() + "";
      default -> ofJar(service.artefact());
    };
  }

  String sdkVersion() throws IOException {
    return versionIn(paths.peer("bare").resolve("libs"), "dynamodb-(\\d.*)\\.jar");
  }

  /** Returns the version of a build of the product. */
  private static String ofJar(Path product) throws IOException {
    try (var jar = new JarFile(product.toFile())) {
      return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }

  private static String versionIn(Path folder, String fileName) throws IOException {
    var pattern = Pattern.compile(fileName);
    try (var files = Files.walk(folder)) {
      return files
          .map(file -> pattern.matcher(file.getFileName().toString()))
          .filter(java.util.regex.Matcher::matches)
          .map(matcher -> matcher.group(1))
          .findFirst()
          .orElse("?");
    }
  }
}
