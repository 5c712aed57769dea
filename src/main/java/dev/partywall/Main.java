package dev.partywall;

import dev.partywall.observability.AllOutput;
import dev.partywall.operations.HealthProbe;
import dev.partywall.orders.OpenApi;
import dev.partywall.orders.OrderRoutes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The command line. What it starts is wired in {@link Service}. */
public final class Main {
  /** The configuration, or the command line, does not hold. */
  private static final int WRONG = 2;

  /** What is sold. A new capability is a package beside orders, and one more entry here. */
  private static final List<Capability> CAPABILITIES =
      List.of(OrderRoutes::of, (_, _, _) -> List.of(OpenApi.route()));

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
      case "--help", "-h" -> print(help());
      case "--version" -> print("partywall " + version());
      default -> unknown(args.getFirst());
    };
  }

  private static Optional<Integer> serve() {
    return withSettings(settings -> {
      // Before the first logger is made: slf4j-simple reads its level once.
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", settings.logLevel());
      var output = AllOutput.takeOver();
      try {
        var service = Service.start(settings, CAPABILITIES);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, output)));
        return Optional.empty();
      } catch (IOException | RuntimeException e) {
        LoggerFactory.getLogger(Main.class).error("the service did not start", e);
        return Optional.of(1);
      }
    });
  }

  /**
   * A JVM that is told to stop exits with 143, whatever its hooks did: a drained service did well.
   */
  private static void stop(Service service, AllOutput output) {
    var finished = service.drain();
    output.close();
    Runtime.getRuntime().halt(finished ? 0 : 1);
  }

  private static Optional<Integer> health(Settings settings) {
    return Optional.of(HealthProbe.ask(settings.management().host(), settings.management().port()));
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
      return new String(text.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          .stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
