package dev.partywall.testkit;

import dev.partywall.Partywall;
import dev.partywall.local.LocalDeployment;
import dev.partywall.local.LocalPorts;
import dev.partywall.local.ReadinessCheck;
import dev.partywall.local.ServiceProcess;
import dev.partywall.local.TemporaryFolder;
import dev.partywall.local.UnlimitedTiers;
import dev.partywall.runtime.Declarations;
import dev.partywall.service.Capability;
import dev.partywall.service.Kernel;
import dev.partywall.service.Offering;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * A running service that is ready for requests.
 *
 * @param kernel the kernel of a service in this process
 * @param stop drains and stops the service
 */
record RunningService(
    int port,
    int managementPort,
    Optional<Kernel> kernel,
    LocalDeployment deployment,
    Runnable stop)
    implements AutoCloseable {
  /** Longer than any start on a busy machine. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
  private static final String SERVICE = "PARTYWALL_SERVICE";

  /** Deploys and starts a service. */
  interface Starter {
    /** Returns the default name of the service. */
    String defaultName(Map<String, String> variables);

    /** Starts the service with these variables, and waits until it is ready. */
    RunningService start(LocalDeployment deployment, SortedMap<String, String> variables)
        throws IOException, InterruptedException;
  }

  /**
   * Deploys a service with tables of its own, and starts it.
   *
   * @param given variables in addition to those of the stack
   */
  static RunningService start(Starter starter, SharedStack stack, Map<String, String> given) {
    var name = given.containsKey(SERVICE) ? given.get(SERVICE) : starter.defaultName(given);
    var prefix = stack.engine().uniquePrefix();
    try {
      var deployment = LocalDeployment.open(stack.engine(), name, prefix, 0);
      try {
        return starter.start(deployment, variables(stack, deployment, given));
      } catch (Throwable e) {
        deployment.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The service did not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted during the start of the service", e);
    }
  }

  private static SortedMap<String, String> variables(
      SharedStack stack, LocalDeployment deployment, Map<String, String> given) throws IOException {
    var variables = new TreeMap<>(deployment.variables(stack.issuer(), stack.operators()));
    variables.put("PARTYWALL_HOST", "127.0.0.1");
    variables.put("PARTYWALL_UNKNOWN_TENANTS", "allow"); // tests need not register their tenants
    var folder = TemporaryFolder.create("service");
    variables.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    variables.put("PARTYWALL_TIERS", UnlimitedTiers.in(folder));
    variables.putAll(given);
    return variables;
  }

  private static void awaitReady(int managementPort, BooleanSupplier alive)
      throws InterruptedException {
    var readiness = ReadinessCheck.at(managementPort);
    var deadline = Instant.now().plus(START_TIMEOUT);
    while (!readiness.isReady()) {
      if (!alive.getAsBoolean()) {
        throw new IllegalStateException("The service ended before it was ready");
      }
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException(
            "The service is not ready after " + START_TIMEOUT + ": see " + readiness.url());
      }
      Thread.sleep(POLL_INTERVAL);
    }
  }

  @Override
  public void close() {
    stop.run();
    deployment.close();
  }

  /** A service in this process. */
  record InThisProcess(List<Capability> capabilities) implements Starter {
    @Override
    public String defaultName(Map<String, String> variables) {
      return Declarations.of(capabilities, variables, InstantSource.system(), new SecureRandom())
          .firstName();
    }

    @Override
    public RunningService start(LocalDeployment deployment, SortedMap<String, String> variables)
        throws InterruptedException {
      variables.putIfAbsent("PARTYWALL_PORT", "0");
      variables.putIfAbsent("PARTYWALL_MANAGEMENT_PORT", "0");
      var kernel = new AtomicReference<Kernel>();
      var all = new ArrayList<>(capabilities);
      all.add(offered -> {
        kernel.set(offered);
        return Offering.of("testkit", List.of());
      });
      var running = Partywall.start(variables, all.toArray(Capability[]::new));
      try {
        awaitReady(running.managementPort(), () -> true);
      } catch (Throwable e) {
        running.close();
        throw e;
      }
      return new RunningService(
          running.port(),
          running.managementPort(),
          Optional.of(kernel.get()),
          deployment,
          running::close);
    }
  }

  /** A fat jar, which runs in a separate process. */
  record FromJar(Path jar, String defaultName) implements Starter {
    /** The number of lines of a failed service in the exception. */
    private static final int LINES = 20;

    @Override
    public String defaultName(Map<String, String> variables) {
      return defaultName;
    }

    @Override
    public RunningService start(LocalDeployment deployment, SortedMap<String, String> variables)
        throws IOException, InterruptedException {
      var ports = LocalPorts.free();
      var output = TemporaryFolder.create("service").resolve("service.log");
      var process = new ServiceProcess(builder(variables, ports, output), ports.management());
      try {
        awaitReady(ports.management(), process::isAlive);
      } catch (IllegalStateException e) {
        process.close();
        throw new IOException(e.getMessage() + "\n" + lastLines(output), e);
      }
      return new RunningService(
          ports.service(), ports.management(), Optional.empty(), deployment, process::close);
    }

    /** The service ends after seconds: the compiler C2 would take more time than it saves. */
    private ProcessBuilder builder(Map<String, String> variables, LocalPorts ports, Path output) {
      var builder =
          new ProcessBuilder(
                  ServiceProcess.javaExecutable(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-jar",
                  jar.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      var environment = builder.environment();
      // The configuration of this process is not that of the service.
      environment.keySet().removeIf(name -> name.matches("(PARTYWALL|AWS)_.*"));
      environment.putAll(ports.variables());
      environment.putAll(variables);
      return builder;
    }

    private static String lastLines(Path output) throws IOException {
      var lines = Files.readAllLines(output);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
  }
}
