package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Which versions are measured, as the files themselves say. */
final class ServiceVersions {
  private final BenchPaths places;

  ServiceVersions(BenchPaths places) {
    this.places = places;
  }

  String of(BenchService service) throws IOException {
    return switch (service.name()) {
      case "spring", "spring-cached" ->
          named(places.work().resolve("spring/lib"), "spring-boot-(\\d[^-]*)\\.jar");
      case "quarkus" -> named(service.artefact().resolve("lib"), ".*quarkus-core-(\\d.*)\\.jar");
      case "helidon" -> named(service.artefact(), "helidon-webserver-(\\d.*)\\.jar");
      case "bare" -> Runtime.version().feature() + "";
      default -> ofJar(service.artefact());
    };
  }

  String sdk() throws IOException {
    return named(places.peer("bare").resolve("libs"), "dynamodb-(\\d.*)\\.jar");
  }

  /** Of the product, or of another build of it. */
  private static String ofJar(Path product) throws IOException {
    try (var jar = new JarFile(product.toFile())) {
      return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }

  private static String named(Path folder, String form) throws IOException {
    var pattern = Pattern.compile(form);
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
