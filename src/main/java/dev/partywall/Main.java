package dev.partywall;

import dev.partywall.metering.JournalUnusable;
import dev.partywall.observability.AllOutput;
import dev.partywall.observability.AuditVerifier;
import dev.partywall.operations.HealthProbe;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.storage.PlacementsChanged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The command line. What it starts is wired in {@link Service}. */
public final class Main {
  /** The configuration, or the command line, does not hold. */
  private static final int WRONG = 2;

  /** What is sold. A new capability is a package beside orders, and one more entry here. */
  private static final List<Capability> CAPABILITIES =
      List.of(OrderRoutes::of, (_, _, _) -> List.of(OpenApi.route()));

  /** At their lower levels: whole messages, header and all, and request lines. */
  private static final List<String> TALKATIVE =
      List.of(
          "org.apache.hc",
          "software.amazon.awssdk",
          "com.sun.net.httpserver",
          "sun.net.www", // by which the SDK asks a container for credentials
          "jdk.internal.httpclient",
          "jdk.httpclient");

  private Main() {}

  /** Serves, or does what the first argument says; see {@code --help}. */
  public static void main(String[] args) {
    var status = run(List.of(args));
    // A service that runs ends by a signal.
    status.ifPresent(System::exit);
  }

  private static Optional<Integer> run(List<String> args) {
    return switch (args.isEmpty() ? "serve" : args.getFirst()) {
      case "serve" -> serve();
      case "health" -> withSettings(Main::health);
      case "export-usage" -> withSettings(it -> Optional.of(Commands.exportUsage(it, rest(args))));
      case "reconcile-usage" ->
          withSettings(it -> Optional.of(Commands.reconcileUsage(it, rest(args))));
      case "verify-audit" -> verifyAudit(rest(args));
      case "--help", "-h" -> print(help());
      case "--version" -> print("partywall " + version());
      default -> unknown(args.getFirst());
    };
  }

  private static List<String> rest(List<String> args) {
    return args.subList(1, args.size());
  }

  private static Optional<Integer> serve() {
    return withSettings(settings -> {
      level(settings.logLevel());
      var output = AllOutput.takeOver();
      try {
        var service = Service.start(settings, CAPABILITIES);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, output)));
        return Optional.empty();
      } catch (JournalUnusable e) {
        return failed(output, "PARTYWALL_JOURNAL_DIR: " + e.getMessage(), WRONG);
      } catch (PlacementsChanged e) {
        return failed(output, String.valueOf(e.getMessage()), WRONG);
      } catch (SdkClientException e) {
        return failed(output, "AWS_REGION and the like: " + e.getMessage(), WRONG);
      } catch (IOException e) {
        return failed(output, String.valueOf(e.getMessage()), 1);
      } catch (RuntimeException e) {
        LoggerFactory.getLogger(Main.class).error("the service did not start", e);
        return failed(output, "the service did not start: the log says why", 1);
      }
    });
  }

  /**
   * Before the first logger is made: slf4j-simple reads its levels once. What writes down whole
   * messages at its lower levels, and with them tokens, keys and orders, is held at info.
   */
  private static void level(String level) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level);
    if (level.equals("debug") || level.equals("trace")) {
      TALKATIVE.forEach(name -> System.setProperty("org.slf4j.simpleLogger.log." + name, "info"));
    }
  }

  /** One line for the operator, on the true standard error. */
  private static Optional<Integer> failed(AllOutput output, String why, int status) {
    output.close();
    System.err.println(why);
    return Optional.of(status);
  }

  /**
   * A JVM that is told to stop exits with 143, whatever its hooks did: a drained service did well.
   */
  private static void stop(Service service, AllOutput output) {
    var status = 1;
    try {
      status = service.drain() ? 0 : 1;
    } finally {
      output.close();
      Runtime.getRuntime().halt(status);
    }
  }

  private static Optional<Integer> health(Settings settings) {
    return Optional.of(HealthProbe.ask(settings.management().host(), settings.management().port()));
  }

  private static Optional<Integer> verifyAudit(List<String> files) {
    var paths = files.stream().map(Path::of).toList();
    return Optional.of(new AuditVerifier().run(paths, System.out, System.err));
  }

  @FunctionalInterface
  private interface Command {
    Optional<Integer> run(Settings settings);
  }

  private static Optional<Integer> withSettings(Command command) {
    try {
      return command.run(Settings.from(System.getenv()));
    } catch (Settings.Invalid e) {
      e.faults().forEach(System.err::println);
      AwsClients.missing().ifPresent(System.err::println);
      return Optional.of(WRONG);
    }
  }

  private static Optional<Integer> print(String text) {
    System.out.println(text);
    return Optional.of(0);
  }

  private static Optional<Integer> unknown(String argument) {
    System.err.println("unknown command: " + argument + " (--help lists them)");
    return Optional.of(WRONG);
  }

  private static String version() {
    var version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private static String help() {
    try (var text = Main.class.getResourceAsStream("/help.txt")) {
      if (text == null) {
        throw new IllegalStateException("help.txt is missing from the jar");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
