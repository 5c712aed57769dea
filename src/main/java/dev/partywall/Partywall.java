package dev.partywall;

import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.observability.audit.AuditVerifier;
import dev.partywall.observability.log.ProcessOutput;
import dev.partywall.operations.Health;
import dev.partywall.runtime.AwsClients;
import dev.partywall.runtime.Commands;
import dev.partywall.runtime.Declarations;
import dev.partywall.runtime.Service;
import dev.partywall.runtime.Settings;
import dev.partywall.service.Capability;
import dev.partywall.storage.PlacementMismatchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The entry point of every service. A service passes its command line and its capabilities:
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   Partywall.run(args, NoteRoutes::of);
 * }
 * }</pre>
 */
public final class Partywall {
  /** The exit status for an invalid configuration or command line. */
  private static final int INVALID = 2;

  /** Loggers that write request lines and complete messages with headers at debug or trace. */
  private static final List<String> SENSITIVE_LOGGERS =
      List.of(
          "org.apache.hc",
          "software.amazon.awssdk",
          "com.sun.net.httpserver",
          "sun.net.www", // used by the SDK for container credentials
          "jdk.internal.httpclient",
          "jdk.httpclient");

  private final Map<String, String> variables;
  private final Declarations declarations;

  private Partywall(Map<String, String> variables, Capability... capabilities) {
    this.variables = variables;
    this.declarations =
        Declarations.of(
            List.of(capabilities), variables, InstantSource.system(), new SecureRandom());
  }

  /**
   * Serves, or runs the command in the first argument; see {@code --help}. The environment is the
   * configuration. Returns while the service runs; a signal ends it. Otherwise exits with the
   * status of the command.
   */
  public static void run(String[] args, Capability... capabilities) {
    var status = new Partywall(System.getenv(), capabilities).run(List.of(args));
    status.ifPresent(System::exit);
  }

  /** A running service. */
  public interface Running extends AutoCloseable {
    /** Returns the public port. */
    int port();

    /** Returns the management port. */
    int managementPort();

    /** Drains and stops the service. */
    @Override
    void close();
  }

  /**
   * Starts a service in this process, for tests. It writes its log to standard output, and it does
   * not end at a signal.
   *
   * @param variables the configuration
   * @throws IllegalArgumentException with all faults, if the configuration is invalid
   * @throws UncheckedIOException if a port cannot be opened; the message names its variable
   */
  public static Running start(Map<String, String> variables, Capability... capabilities) {
    return new Partywall(variables, capabilities).start();
  }

  private Running start() {
    try {
      return new StartedService(Service.start(settings(), declarations));
    } catch (Settings.InvalidSettingsException
        | JournalUnusableException
        | PlacementMismatchException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record StartedService(Service service) implements Running {
    @Override
    public int port() {
      return service.port();
    }

    @Override
    public int managementPort() {
      return service.managementPort();
    }

    @Override
    public void close() {
      service.drain();
    }
  }

  private Settings settings() throws Settings.InvalidSettingsException {
    return Settings.from(variables, declarations.firstName());
  }

  private Optional<Integer> run(List<String> args) {
    return switch (args.isEmpty() ? "serve" : args.getFirst()) {
      case "serve" -> serve();
      case "health" -> withSettings(Partywall::health);
      case "export-usage" -> withoutLog(settings -> Commands.exportUsage(settings, rest(args)));
      case "reconcile-usage" ->
          withoutLog(settings -> Commands.reconcileUsage(settings, rest(args)));
      case "verify-audit" -> verifyAudit(rest(args));
      case "--help", "-h" -> print(help());
      case "--version" -> print("partywall " + version());
      default -> unknown(args.getFirst());
    };
  }

  private static List<String> rest(List<String> args) {
    return args.subList(1, args.size());
  }

  private Optional<Integer> serve() {
    return withSettings(settings -> {
      setLogLevel(settings.logLevel());
      var output = ProcessOutput.capture();
      try {
        var service = Service.start(settings, declarations);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, output)));
        return Optional.empty();
      } catch (JournalUnusableException e) {
        return failed(output, "PARTYWALL_JOURNAL_DIR: " + e.getMessage(), INVALID);
      } catch (PlacementMismatchException e) {
        return failed(output, String.valueOf(e.getMessage()), INVALID);
      } catch (SdkClientException e) {
        return failed(output, "AWS configuration: " + e.getMessage(), INVALID);
      } catch (IOException e) {
        return failed(output, String.valueOf(e.getMessage()), 1);
      } catch (RuntimeException e) {
        LoggerFactory.getLogger(Partywall.class).error("Service start failed", e);
        return failed(output, "The service did not start; the log contains the cause.", 1);
      }
    });
  }

  /**
   * Sets the log level. This must happen before the first logger is created, because slf4j-simple
   * reads the levels only once. Loggers that write complete messages, with tokens, keys and orders,
   * stay at info.
   */
  private static void setLogLevel(String level) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level);
    if (level.equals("debug") || level.equals("trace")) {
      SENSITIVE_LOGGERS.forEach(
          name -> System.setProperty("org.slf4j.simpleLogger.log." + name, "info"));
    }
  }

  /** Prints one line for the operator to the original standard error. */
  private static Optional<Integer> failed(ProcessOutput output, String message, int status) {
    output.close();
    System.err.println(message);
    return Optional.of(status);
  }

  /**
   * Drains and halts with status 0 or 1. After a signal the JVM would exit with 143, even if the
   * service drained successfully.
   */
  private static void stop(Service service, ProcessOutput output) {
    var status = 1;
    try {
      status = service.drain() ? 0 : 1;
    } finally {
      output.close();
      Runtime.getRuntime().halt(status);
    }
  }

  private static Optional<Integer> health(Settings settings) {
    return Optional.of(Health.check(settings.management().host(), settings.management().port()));
  }

  private static Optional<Integer> verifyAudit(List<String> files) {
    var paths = files.stream().map(Path::of).toList();
    return Optional.of(new AuditVerifier().run(paths, System.out, System.err));
  }

  @FunctionalInterface
  private interface ConfiguredCommand {
    Optional<Integer> run(Settings settings);
  }

  private Optional<Integer> withSettings(ConfiguredCommand command) {
    try {
      return command.run(settings());
    } catch (Settings.InvalidSettingsException e) {
      e.faults().forEach(System.err::println);
      AwsClients.missingConfiguration().ifPresent(System.err::println);
      return Optional.of(INVALID);
    }
  }

  /** Disables the log, because standard output is reserved for the results of the command. */
  private Optional<Integer> withoutLog(ToIntFunction<Settings> command) {
    return withSettings(settings -> {
      setLogLevel("off");
      return Optional.of(command.applyAsInt(settings));
    });
  }

  private static Optional<Integer> print(String text) {
    System.out.println(text);
    return Optional.of(0);
  }

  private static Optional<Integer> unknown(String argument) {
    System.err.println("Unknown command: " + argument + " (see --help)");
    return Optional.of(INVALID);
  }

  private static String version() {
    var version = Partywall.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private static String help() {
    try (var text = Partywall.class.getResourceAsStream("/help.txt")) {
      if (text == null) {
        throw new IllegalStateException("help.txt is missing in the jar");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
