package dev.partywall.runtime;

import dev.partywall.observability.audit.AuditVerifier;
import dev.partywall.observability.log.JsonLogProvider;
import dev.partywall.observability.log.ProcessOutput;
import dev.partywall.operations.Health;
import dev.partywall.operations.receipt.VerifyReceipt;
import dev.partywall.runtime.Settings.InvalidSettingsException;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The command line of a service: {@code serve} and the commands. Each command reads only the
 * variables that it uses, and calls the capabilities only if it needs their declarations.
 *
 * @param variables the environment
 * @param capabilities the capabilities of the service
 */
public record CommandLine(Map<String, String> variables, List<Capability> capabilities) {
  private static final int FAILED = 1;

  /** The exit status for an invalid configuration, declaration or command line. */
  private static final int INVALID = 2;

  private static final Set<String> FLAGS = Set.of("--help", "-h", "--version");

  /**
   * Runs the command in the first argument; without one, serves.
   *
   * @return the exit status; empty while the service runs
   */
  public Optional<Integer> run(List<String> args) {
    var command = args.isEmpty() ? "serve" : args.getFirst();
    try {
      return run(command, args.stream().skip(1).toList());
    } catch (InvalidSettingsException e) {
      return failed(e.getMessage(), INVALID);
    }
  }

  private Optional<Integer> run(String command, List<String> options)
      throws InvalidSettingsException {
    if (command.equals("serve") && options.isEmpty()) {
      return serve();
    }
    // Standard output is reserved for the results of the command.
    JsonLogProvider.select("off");
    if (options.contains("--help") || options.contains("-h")) {
      return HelpText.ofCommand(command).map(this::print).orElseGet(() -> unknown(command));
    }
    return switch (command) {
      case "adopt-tenants" ->
          Optional.of(Commands.adoptTenants(variables, declarations(), options));
      case "export-usage" -> Optional.of(Commands.exportUsage(variables, declarations(), options));
      case "reconcile-usage" ->
          Optional.of(Commands.reconcileUsage(variables, declarations(), options));
      case "verify-audit" -> verifyAudit(options);
      case "verify-receipt" -> Optional.of(VerifyReceipt.run(options, System.out, System.err));
      default ->
          options.isEmpty() || !isKnown(command) ? run(command) : unknown(options.getFirst());
    };
  }

  private static boolean isKnown(String command) {
    return FLAGS.contains(command) || HelpText.ofCommand(command).isPresent();
  }

  private Optional<Integer> run(String command) throws InvalidSettingsException {
    return switch (command) {
      case "health" -> health();
      case "--help", "-h" -> print(help().text());
      case "--version" -> print(help().version());
      default -> unknown(command);
    };
  }

  /**
   * Starts the service. Redirects all output first, because slf4j must use this library's provider
   * before the first logger is created.
   */
  private Optional<Integer> serve() {
    JsonLogProvider.select(Settings.logLevel(new Environment(variables)));
    ProcessOutput output;
    try {
      output = ProcessOutput.capture();
    } catch (IllegalStateException e) { // another provider
      return failed(e.getMessage(), INVALID);
    }
    var started = new CompletableFuture<Optional<Service>>();
    var limit = Settings.drain(new Environment(variables));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started, limit, output)));
    try {
      started.complete(Optional.of(Startup.start(variables, capabilities)));
      return Optional.empty();
    } catch (InvalidSettingsException e) {
      return failed(output, e.getMessage(), INVALID);
    } catch (IOException e) {
      return failed(output, e.getMessage(), FAILED);
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(CommandLine.class).error("Service start failed", e);
      return failed(output, "The service did not start; the log contains the cause.", FAILED);
    } finally {
      started.complete(Optional.empty()); // no effect if the service started
    }
  }

  /** Prints the message for the operator to the original standard error. */
  private static Optional<Integer> failed(
      ProcessOutput output, @Nullable String message, int status) {
    output.close();
    return failed(message, status);
  }

  private static Optional<Integer> failed(@Nullable String message, int status) {
    System.err.println(message);
    return Optional.of(status);
  }

  /**
   * Waits for the end of the start, so that a signal during the start stops the service too. After
   * a failed start, and after one that does not end in time, the JVM ends with the status that it
   * has already.
   */
  private static void stop(
      CompletableFuture<Optional<Service>> started, Duration limit, ProcessOutput output) {
    try {
      started
          .get(limit.toNanos(), TimeUnit.NANOSECONDS)
          .ifPresent(service -> drainAndHalt(service, output));
    } catch (TimeoutException _) {
      LoggerFactory.getLogger(CommandLine.class).error("The start has not ended in time");
      output.close();
    } catch (InterruptedException | ExecutionException e) { // neither occurs
      throw new IllegalStateException(e);
    }
  }

  /**
   * Drains and halts with status 0 or 1. After a signal the JVM would exit with 143, even if the
   * service drained successfully.
   */
  private static void drainAndHalt(Service service, ProcessOutput output) {
    var status = FAILED;
    try {
      status = service.drain() ? 0 : FAILED;
    } finally {
      output.close();
      Runtime.getRuntime().halt(status);
    }
  }

  private Optional<Integer> health() throws InvalidSettingsException {
    var management = Settings.read(variables, Listeners::ofManagement);
    return Optional.of(Health.check(management.host(), management.port()));
  }

  private static Optional<Integer> verifyAudit(List<String> args) {
    return Optional.of(new AuditVerifier().run(args, System.out, System.err));
  }

  private HelpText help() throws InvalidSettingsException {
    return new HelpText(declarations(), capabilities.getFirst().getClass());
  }

  private Declarations declarations() throws InvalidSettingsException {
    return Startup.declare(variables, capabilities);
  }

  private Optional<Integer> print(String text) {
    System.out.println(text);
    return Optional.of(0);
  }

  private static Optional<Integer> unknown(String argument) {
    return failed("Unknown argument: " + argument + " (see --help)", INVALID);
  }
}
