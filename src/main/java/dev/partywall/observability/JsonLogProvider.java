package dev.partywall.observability;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What slf4j finds in this jar. slf4j-simple's own provider is left out of the jar; where it is on
 * the class path as well, {@code -Dslf4j.provider} names this one.
 */
public final class JsonLogProvider implements SLF4JServiceProvider {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final IMarkerFactory markers = new BasicMarkerFactory();
  // What belongs to a request comes from its ScopedValue; a map for each thread would leak.
  private final MDCAdapter mdc = new NOPMDCAdapter();
  private @Nullable JsonLoggerFactory loggers;

  @Override
  public void initialize() {
    // As it is now, for who only logs; later it may lead back to a logger. Who serves takes all of
    // the output over (AllOutput), and then lines don't go by way of it.
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
      factory.flush(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
