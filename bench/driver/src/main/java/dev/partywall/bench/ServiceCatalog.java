package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Who is measured: the product as it is shipped, four peers, and the floor. */
final class ServiceCatalog {
  /** All of them, in the order in which they are shown. */
  static final List<String> NAMES =
      List.of("partywall", "helidon", "quarkus", "spring-cached", "spring", "bare");

  private static final List<String> SPRING_AOT = List.of("-Dspring.aot.enabled=true");
  private static final List<String> TOKEN_CACHE = List.of("-Dspring.profiles.active=token-cache");

  private final BenchPaths places;

  ServiceCatalog(BenchPaths places) {
    this.places = places;
  }

  /**
   * Those that the plan names, in its order, or all of them; a path of a jar is some build of the
   * product.
   *
   * @throws IllegalArgumentException for a name that nobody has, or that two have
   */
  List<BenchService> of(RunPlan plan) throws IOException, InterruptedException {
    var services = new ArrayList<BenchService>();
    for (var wanted : plan.services().isEmpty() ? NAMES : plan.services()) {
      services.add(named(wanted));
    }
    var names = services.stream().map(BenchService::name).toList();
    if (new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("two are called the same: " + names);
    }
    return services;
  }

  private BenchService named(String name) throws IOException, InterruptedException {
    return switch (name) {
      case "partywall" -> product();
      case "helidon" -> helidon();
      case "quarkus" -> quarkus();
      case "spring-cached" -> springWithTokenCache();
      case "spring" -> spring();
      case "bare" -> bare();
      default -> build(name);
    };
  }

  /** Everything on: scoped credentials, logs, metrics, metering. */
  private BenchService product() {
    return product("partywall", 0);
  }

  /** The product under another name: several can run side by side. */
  BenchService product(String name, int managementPort) {
    return product(name, "Partywall", places.product(), managementPort);
  }

  private BenchService build(String path) {
    var jar = Path.of(path);
    if (!path.endsWith(".jar") || !Files.exists(jar)) {
      throw new IllegalArgumentException(
          path + " is no service and no jar: there are " + String.join(", ", NAMES));
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
            "PARTYWALL_UNKNOWN_TENANTS", "allow",
            "PARTYWALL_TENANT_ROLE_ARN", "arn:aws:iam::000000000000:role/partywall-tenant",
            "PARTYWALL_JOURNAL_DIR", places.work().resolve(name + "-journal").toString());
    return new BenchService(name, label, jar(jar), jar(jar), variables, jar);
  }

  private BenchService spring() throws IOException, InterruptedException {
    var jar = jar(unpackedSpring());
    return new BenchService("spring", "Spring Boot", jar, join(SPRING_AOT, jar), Map.of(), springJar());
  }

  /** Spring's ahead-of-time code fixes the profiles at build time, so this one goes without. */
  private BenchService springWithTokenCache() throws IOException, InterruptedException {
    var command = join(TOKEN_CACHE, jar(unpackedSpring()));
    return new BenchService(
        "spring-cached", "Spring Boot, token cache", command, command, Map.of(), springJar());
  }

  private BenchService quarkus() {
    var target = places.peer("quarkus");
    return new BenchService(
        "quarkus",
        "Quarkus",
        jar(target.resolve("quarkus-app/quarkus-run.jar")),
        jar(target.resolve("quarkus-aot/quarkus-run.jar")),
        Map.of(),
        target.resolve("quarkus-app"));
  }

  private BenchService helidon() {
    return plain("helidon", "Helidon SE", Map.of());
  }

  /**
   * It reads the product's table whatever the others read, or it would not be the product's floor.
   */
  private BenchService bare() {
    return plain("bare", "Floor (bare JDK)", Map.of("ORDERS_AS", "documents"));
  }

  /** A thin jar beside its libraries. */
  private BenchService plain(String name, String label, Map<String, String> variables) {
    var jar = places.peer(name).resolve(name + ".jar");
    var libraries = places.peer(name).resolve("libs");
    return new BenchService(name, label, jar(jar), jar(jar), variables, libraries);
  }

  private Path springJar() {
    return places.peer("spring").resolve("spring.jar");
  }

  /** As Spring's documentation recommends for production, and requires for the AOT cache. */
  private Path unpackedSpring() throws IOException, InterruptedException {
    var folder = places.work().resolve("spring");
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
