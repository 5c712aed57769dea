import java.nio.file.Path;

/** Builds the peers with the Maven wrapper, on the current JDK. */
final class BuildPeers {
  public static void main(String[] args) throws Exception {
    var root = Path.of(args[0]).toAbsolutePath().normalize();
    var maven =
        new ProcessBuilder(
            root.resolve("mvnw").toString(),
            "--batch-mode",
            "--quiet",
            "--file",
            root.resolve("bench/peers/pom.xml").toString(),
            "package");
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    System.exit(maven.inheritIO().start().waitFor());
  }
}
