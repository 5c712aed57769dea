package dev.partywall.registry;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Compares the clock of this instance with the {@code Date} of each answer of the registry (RFC
 * 9110, section 6.6.1), which has whole seconds. It is an interceptor of the client with the
 * service's own credentials.
 */
public final class RegistryClock implements ExecutionInterceptor {
  private static final String DATE = "Date";

  private final InstantSource clock;
  private volatile @Nullable Duration difference;

  /** Creates a comparison that has received no answer. */
  public RegistryClock(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Returns the time by which this instance's clock was ahead of the last answer; negative if it
   * was behind. Empty if the last answer had no valid date, and before the first answer.
   */
  public Optional<Duration> difference() {
    return Optional.ofNullable(difference);
  }

  @Override
  public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
    difference =
        context
            .httpResponse()
            .firstMatchingHeader(DATE)
            .flatMap(RegistryClock::time)
            .map(date -> Duration.between(date, clock.instant()))
            .orElse(null);
  }

  private static Optional<Instant> time(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
