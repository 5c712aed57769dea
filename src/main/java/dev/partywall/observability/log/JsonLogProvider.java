package dev.partywall.observability.log;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The slf4j provider of this jar. The jar excludes slf4j-simple's own provider; if both are on the
 * class path, {@code -Dslf4j.provider} selects this one.
 */
public final class JsonLogProvider implements SLF4JServiceProvider {
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

  private final IMarkerFactory markers = new BasicMarkerFactory();
  // Request data comes from a ScopedValue; a map per thread would leak.
  private final MDCAdapter mdc = new NOPMDCAdapter();
  private @Nullable JsonLoggerFactory loggers;

  /**
   * Returns the factory that slf4j uses in this process.
   *
   * @throws IllegalStateException if slf4j uses another provider
   */
  public static JsonLoggerFactory installedFactory() {
    if (LoggerFactory.getILoggerFactory() instanceof JsonLoggerFactory factory) {
      return factory;
    }
    throw new IllegalStateException(
        "slf4j does not use the provider "
            + JsonLogProvider.class.getName()
            + "; check the class path for another provider");
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
