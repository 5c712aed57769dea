package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The measured services: the product as shipped, four peers, and the floor. */
final class ServiceCatalog {
  /** All services in display order. */
  static final List<String> NAMES =
      List.of("partywall", "helidon", "quarkus", "spring-cached", "spring", "bare");

  private static final List<String> SPRING_AOT = List.of("-Dspring.aot.enabled=true");
  private static final List<String> TOKEN_CACHE = List.of("-Dspring.profiles.active=token-cache");

  private final BenchPaths paths;

  ServiceCatalog(BenchPaths paths) {
    this.paths = paths;
  }

  /**
   * Returns the services of the plan in its order, or all services. The path of a jar selects a
   * build of the product.
   *
   * @throws IllegalArgumentException for an unknown or a duplicate name
   */
  List<BenchService> of(RunPlan plan) throws IOException, InterruptedException {
    var services = new ArrayList<BenchService>();
    for (var name : plan.services().isEmpty() ? NAMES : plan.services()) {
      services.add(byName(name));
    }
    var names = services.stream().map(BenchService::name).toList();
    if (new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("duplicate names: " + names);
    }
    return services;
  }

  private BenchService byName(String name) throws IOException, InterruptedException {
    return switch (name) {
      case "partywall" -> product();
      case "helidon" -> helidon();
      case "quarkus" -> quarkus();
      case "spring-cached" -> springWithTokenCache();
      case "spring" -> spring();
      case "bare" -> bare();
      default -> productBuild(name);
    };
  }

  /** Returns the product with all features on: scoped credentials, logs, metrics, metering. */
  private BenchService product() {
    return product("partywall", 0);
  }

  /** Returns the product under another name, to run several instances. */
  BenchService product(String name, int managementPort) {
    return product(name, "Partywall", paths.product(), managementPort);
  }

  private BenchService productBuild(String path) {
    var jar = Path.of(path);
    if (!path.endsWith(".jar") || !Files.exists(jar)) {
      throw new IllegalArgumentException(
          path + " is neither a service nor a jar; services: " + String.join(", ", NAMES));
    }
    var name = jar.getFileName().toString().replace(".jar", "");
    return product(name, name, jar, 0);
  }

  private BenchService product(String name, String label, Path jar, int managementPort) {
    var variables =
        Map.of(
            "PARTYWALL_HOST", "127.0.0.1",
            "PARTYWALL_MANAGEMENT_PORT", Integer.toString(managementPort),
            "PARTYWALL_AUDIENCE", "orders-api",
            "PARTYWALL_TENANT_ROLE_ARN", "arn:aws:iam::000000000000:role/partywall-tenant",
            "PARTYWALL_JOURNAL_DIR", paths.work().resolve(name + "-journal").toString());
    return new BenchService(name, label, jar(jar), jar(jar), variables, jar);
  }

  private BenchService spring() throws IOException, InterruptedException {
    var jar = jar(unpackedSpring());
    return new BenchService(
        "spring", "Spring Boot", jar, join(SPRING_AOT, jar), Map.of(), springJar());
  }

  /** Does not use Spring's ahead-of-time code, which fixes the profiles at build time. */
  private BenchService springWithTokenCache() throws IOException, InterruptedException {
    var command = join(TOKEN_CACHE, jar(unpackedSpring()));
    return new BenchService(
        "spring-cached", "Spring Boot, token cache", command, command, Map.of(), springJar());
  }

  private BenchService quarkus() {
    var target = paths.peer("quarkus");
    return new BenchService(
        "quarkus",
        "Quarkus",
        jar(target.resolve("quarkus-app/quarkus-run.jar")),
        jar(target.resolve("quarkus-aot/quarkus-run.jar")),
        Map.of(),
        target.resolve("quarkus-app"));
  }

  private BenchService helidon() {
    return thinJar("helidon", "Helidon SE", Map.of());
  }

  /** Always reads the product's table, because it is the floor of the product. */
  private BenchService bare() {
    return thinJar("bare", "Floor (bare JDK)", Map.of("ORDERS_AS", "documents"));
  }

  /** Returns a service with a thin jar and a directory of libraries. */
  private BenchService thinJar(String name, String label, Map<String, String> variables) {
    var jar = paths.peer(name).resolve(name + ".jar");
    var libraries = paths.peer(name).resolve("libs");
    return new BenchService(name, label, jar(jar), jar(jar), variables, libraries);
  }

  private Path springJar() {
    return paths.peer("spring").resolve("spring.jar");
  }

  /** Unpacks the jar, as Spring recommends for production and requires for the AOT cache. */
  private Path unpackedSpring() throws IOException, InterruptedException {
    var folder = paths.work().resolve("spring");
    var jar = folder.resolve("spring.jar");
    if (Files.exists(jar) && isNewer(jar, springJar())) {
      return jar;
    }
    var unpack =
        new ProcessBuilder(
            Jvm.executable(),
            "-Djarmode=tools",
            "-jar",
            springJar().toString(),
            "extract",
            "--force",
            "--destination",
            folder.toString());
    if (unpack.inheritIO().start().waitFor() != 0) {
      throw new IOException("could not unpack " + springJar());
    }
    Files.setLastModifiedTime(jar, java.nio.file.attribute.FileTime.from(java.time.Instant.now()));
    return jar;
  }

  private static boolean isNewer(Path one, Path other) throws IOException {
    return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) > 0;
  }

  private static List<String> jar(Path jar) {
    return List.of("-jar", jar.toString());
  }

  private static List<String> join(List<String> one, List<String> other) {
    var both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }
}
