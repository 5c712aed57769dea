package dev.partywall.runtime;

import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.observability.log.JsonLogProvider;
import dev.partywall.runtime.Settings.InvalidSettingsException;
import dev.partywall.service.Capability;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Starts a service with the configuration in variables. */
public final class Startup {
  private Startup() {}

  /**
   * Selects the log, collects the declarations, reads the configuration and starts the service.
   *
   * @throws InvalidSettingsException with all faults of the configuration, or the fault of a
   *     declaration
   * @throws IllegalStateException if slf4j uses another provider
   * @throws IOException if a port cannot be opened; the message starts with its variable
   */
  public static Service start(Map<String, String> variables, List<Capability> capabilities)
      throws IOException, InvalidSettingsException {
    JsonLogProvider.select(Settings.logLevel(new Environment(variables)));
    var _ = JsonLogProvider.installedFactory();
    var declarations = declare(variables, capabilities);
    var settings = Settings.from(variables, declarations);
    try {
      return Service.start(settings, declarations);
    } catch (JournalUnusableException e) {
      throw new InvalidSettingsException("PARTYWALL_JOURNAL_DIR: " + e.getMessage(), e);
    } catch (SdkClientException e) {
      throw new InvalidSettingsException("AWS configuration: " + AwsFaultText.of(e), e);
    }
  }

  /** Collects the declarations of the capabilities. */
  static Declarations declare(Map<String, String> variables, List<Capability> capabilities)
      throws InvalidSettingsException {
    try {
      return Declarations.of(capabilities, variables, InstantSource.system(), new SecureRandom());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(String.valueOf(e.getMessage()), e);
    }
  }
}
