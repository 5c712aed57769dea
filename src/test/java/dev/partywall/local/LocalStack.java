package dev.partywall.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a service with all its dependencies on this machine: {@code ./mvnw -Plocal}.
 *
 * <p>The stack writes {@code local.env}, with the variables for a second instance, and prints
 * commands to try.
 */
public final class LocalStack {
  private final LocalService service;
  private final SampleData samples;
  private final Map<String, String> env;
  private final LocalPorts ports;

  private LocalStack(
      LocalService service, SampleData samples, Map<String, String> env, LocalPorts ports) {
    this.service = service;
    this.samples = samples;
    this.env = env;
    this.ports = ports;
  }

  /**
   * Runs a service without sample data until the process is stopped.
   *
   * @param args the build folder, the name of the service, optionally {@code stop-with-parent}, and
   *     the arguments of {@code java} that start the service, for example {@code -jar
   *     target/notes.jar}
   */
  public static void main(String[] args) throws Exception {
    var given = new ArrayList<>(List.of(args));
    given.remove(ParentProcess.ARGUMENT);
    if (given.size() < 3) {
      System.err.println("Usage: LocalStack FOLDER SERVICE [stop-with-parent] JAVA-ARGUMENT…");
      System.exit(2);
    }
    var folder = Path.of(given.get(0)).toAbsolutePath();
    var command = given.subList(2, given.size());
    run(args, new LocalService(given.get(1), folder, command), SampleData.NONE);
  }

  /**
   * Runs a service until the process is stopped, and then exits with the status of the service.
   *
   * @param args with {@code stop-with-parent}, this JVM ends with the process that started it
   */
  public static void run(String[] args, LocalService service, SampleData samples) throws Exception {
    ParentProcess.exitAfterIt(args);
    System.exit(run(service, samples, System.getenv()));
  }

  private static int run(LocalService service, SampleData samples, Map<String, String> env)
      throws Exception {
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
    return new LocalStack(service, samples, env, ports.resolved()).run();
  }

  private int run() throws Exception {
    System.out.println("Starting DynamoDB Local in memory …");
    try (var dependencies =
        LocalDependencies.open(service.name(), samples, env, ports, service.folder())) {
      write(dependencies);
      System.out.println("Starting the service …");
      return serve(dependencies.variables());
    }
  }

  /**
   * Writes the variables for a second instance, which needs separate ports and a separate journal.
   */
  private void write(LocalDependencies dependencies) throws IOException {
    var second = new TreeMap<>(dependencies.variables());
    second.put("PARTYWALL_PORT", "0");
    second.put("PARTYWALL_MANAGEMENT_PORT", "0");
    // Relative to the project folder, whose path may contain characters that not every reader of
    // the file can unquote.
    var folder = service.folder().getFileName() + "/";
    second.put("PARTYWALL_JOURNAL_DIR", folder + "second-journal");
    second.put("PARTYWALL_RECEIPT_KEY", folder + LocalReceiptKey.FILE);
    // The first Java on the PATH can be an older one.
    second.put("JAVA_HOME", System.getProperty("java.home"));
    second.put("AWS_DEFAULT_REGION", second.get("AWS_REGION")); // for older SDKs
    second.putAll(dependencies.deployment().account().sandboxVariables());
    Files.createDirectories(service.folder());
    Files.writeString(service.folder().resolve("local.env"), ShellSyntax.assignments(second));
  }

  private int serve(Map<String, String> variables) throws Exception {
    var builder = new ProcessBuilder(ServiceProcess.javaExecutable()).inheritIO();
    builder.command().addAll(service.command());
    builder.environment().putAll(variables);
    builder.environment().putAll(ports.variables());
    builder
        .environment()
        .putIfAbsent("PARTYWALL_JOURNAL_DIR", service.folder().resolve("journal").toString());
    try (var process = new ServiceProcess(builder, ports.management())) {
      if (process.awaitReady()) {
        System.out.println(StartupInstructions.of(service, samples, ports, variables));
      }
      return process.awaitExit();
    }
  }
}
