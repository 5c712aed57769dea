package dev.partywall;

import dev.partywall.runtime.CommandLine;
import dev.partywall.runtime.Service;
import dev.partywall.runtime.Settings;
import dev.partywall.runtime.Startup;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

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
  private Partywall() {}

  /**
   * Serves, or runs the command in the first argument; see {@code --help}. The environment is the
   * configuration. Returns while the service runs; a signal ends it. Otherwise exits with the
   * status of the command.
   *
   * <p>Selects the log of this library. Create no slf4j logger before this call: slf4j would keep
   * the provider that it finds first.
   *
   * @param capabilities at least one; the name of the first is the default name of the service
   */
  public static void run(String[] args, Capability... capabilities) {
    var commandLine = new CommandLine(System.getenv(), List.of(capabilities));
    commandLine.run(List.of(args)).ifPresent(System::exit);
  }

  /** A running service. */
  public interface Running extends AutoCloseable {
    /** Returns the public port. */
    int port();

    /** Returns the management port. */
    int managementPort();

    /**
     * Drains and stops the service: requests in flight complete within {@code
     * PARTYWALL_DRAIN_SECONDS}.
     */
    @Override
    void close();
  }

  /**
   * Starts a service in this process, for tests. The service writes its log to standard output; a
   * signal does not drain it. Several services can run in one process, each with its own {@code
   * PARTYWALL_JOURNAL_DIR}. The first one determines the log level.
   *
   * @param variables the configuration, including that of the AWS SDK: region, endpoints and
   *     credentials. The SDK searches its other sources for absent ones
   * @param capabilities at least one; the name of the first is the default name of the service
   * @throws IllegalArgumentException with all faults of the configuration, one per line, or with
   *     the fault of a declaration
   * @throws IllegalStateException if slf4j already uses the provider of another library
   * @throws UncheckedIOException if a port cannot be opened; the message starts with its variable
   */
  public static Running start(Map<String, String> variables, Capability... capabilities) {
    try {
      return new StartedService(Startup.start(variables, List.of(capabilities)));
    } catch (Settings.InvalidSettingsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
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
}
