package dev.partywall.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Runs the service with all its dependencies on this machine: {@code ./mvnw -Plocal}. */
public final class LocalStack {
  private LocalStack() {}

  /**
   * Runs until the process is stopped.
   *
   * @param args the directory with the jar, and optionally {@code stop-with-parent}
   */
  public static void main(String[] args) throws Exception {
    ParentProcess.exitAfterIt(args);
    System.exit(run(Path.of(args[0]).toAbsolutePath(), System.getenv()));
  }

  private static int run(Path target, Map<String, String> env) throws Exception {
    LocalPorts ports;
    try {
      ports = LocalPorts.fromEnvironment(env);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    if (!ports.faults().isEmpty()) {
      ports.faults().forEach(System.err::println);
      return 2;
    }
    return run(target, env, ports.resolved());
  }

  private static int run(Path target, Map<String, String> env, LocalPorts ports) throws Exception {
    print("Starting DynamoDB Local in memory, with sample orders of acme, globex and initech …");
    try (var surroundings = LocalDependencies.open(env, ports, target)) {
      var variables = surroundings.variables();
      write(target.resolve("local.env"), variables, surroundings.account());
      print("Starting the service …");
      return serve(target, env, variables, ports);
    }
  }

  /**
   * Writes the variables for a second instance, which needs separate ports and a separate journal.
   */
  private static void write(Path file, Map<String, String> variables, LocalAccount account)
      throws IOException {
    var second = new TreeMap<>(variables);
    second.put("PARTYWALL_PORT", "0");
    second.put("PARTYWALL_MANAGEMENT_PORT", "0");
    // Relative to the project folder, whose path may contain characters that not every reader of
    // the file can unquote.
    second.put("PARTYWALL_JOURNAL_DIR", file.getParent().getFileName() + "/second-journal");
    second.put("AWS_DEFAULT_REGION", second.get("AWS_REGION")); // for older SDKs
    second.putAll(account.sandboxVariables());
    Files.writeString(file, ShellSyntax.assignments(second));
  }

  private static int serve(
      Path target, Map<String, String> env, Map<String, String> variables, LocalPorts ports)
      throws Exception {
    var serviceVariables = new TreeMap<>(variables);
    serviceVariables.put("PARTYWALL_PORT", String.valueOf(ports.service()));
    serviceVariables.put("PARTYWALL_MANAGEMENT_PORT", String.valueOf(ports.management()));
    serviceVariables.put(
        "PARTYWALL_JOURNAL_DIR",
        env.getOrDefault("PARTYWALL_JOURNAL_DIR", target.resolve("journal").toString()));
    try (var service =
        new ServiceProcess(target.resolve("partywall.jar"), serviceVariables, ports.management())) {
      if (service.awaitReady()) {
        print(StartupInstructions.of(ports, variables, target));
      }
      return service.awaitExit();
    }
  }

  private static void print(String text) {
    System.out.println(text);
  }
}
