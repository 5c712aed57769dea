package dev.partywall.observability.log;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The slf4j provider of this library. The library contains slf4j-simple without its provider, and
 * under another name: {@code dev.partywall.shaded}. The tests of this project use slf4j-simple
 * itself; {@code -Dslf4j.provider} then selects this provider.
 */
public final class JsonLogProvider implements SLF4JServiceProvider {
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

  /** Loggers that write request lines and complete messages with headers at debug or trace. */
  private static final List<String> SENSITIVE_LOGGERS =
      List.of(
          "org.apache.hc",
          "software.amazon.awssdk",
          "com.sun.net.httpserver",
          "sun.net.www", // used by the SDK for container credentials
          "jdk.internal.httpclient",
          "jdk.httpclient");

  private final IMarkerFactory markers = new BasicMarkerFactory();
  // Request data comes from a ScopedValue; a map per thread would leak.
  private final MDCAdapter mdc = new NOPMDCAdapter();
  private @Nullable JsonLoggerFactory loggers;

  /**
   * Selects this provider and the log level. This has an effect only before the first logger of the
   * process is created, because slf4j selects a provider, and slf4j-simple reads the level, only
   * once. An explicit {@code -Dslf4j.provider} takes precedence. Loggers that write complete
   * messages, with tokens, keys and orders, stay at info.
   */
  public static void select(String level) {
    setDefault("slf4j.provider", JsonLogProvider.class.getName());
    // At its default level, slf4j reports the explicit selection on standard error.
    setDefault("slf4j.internal.verbosity", "WARN");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level);
    if (level.equals("debug") || level.equals("trace")) {
      SENSITIVE_LOGGERS.forEach(
          name -> System.setProperty("org.slf4j.simpleLogger.log." + name, "info"));
    }
  }

  private static void setDefault(String property, String value) {
    System.setProperty(property, System.getProperty(property, value));
  }

  /**
   * Returns the factory that slf4j uses in this process.
   *
   * @throws IllegalStateException if slf4j uses another provider
   */
  public static JsonLoggerFactory installedFactory() {
    var factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof JsonLoggerFactory installed) {
      return installed;
    }
    throw new IllegalStateException(
        "slf4j uses another provider, whose factory is %s: remove it from the class path, or create"
                .formatted(factory.getClass().getName())
            + " no logger before Partywall.run");
  }

  @Override
  public void initialize() {
    // Uses the current System.out, for commands that only log; later, System.out may write to a
    // logger. The service redirects all output and then bypasses System.out.
    var factory = new JsonLoggerFactory(System.out, InstantSource.system());
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> flush(factory)));
    loggers = factory;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    if (loggers == null) {
      throw new IllegalStateException("slf4j has not initialized this provider");
    }
    return loggers;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0";
  }

  private static void flush(JsonLoggerFactory factory) {
    try {
      factory.flush(FLUSH_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
