package dev.partywall.metering.billing;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Request;
import dev.partywall.metering.meter.Usage;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Reads the query parameters of the routes that report usage. */
final class UsageQuery {
  static final String FROM = "from";
  static final String TO = "to";
  static final String GRANULARITY = "granularity";

  private UsageQuery() {}

  /**
   * Returns the granularity; empty if the request states none.
   *
   * @throws ApiException as {@link ApiError.Malformed} if it is invalid
   */
  static Optional<Granularity> granularity(Request request) {
    return request
        .query(GRANULARITY)
        .map(text ->
            Granularity.parse(text)
                .orElseThrow(
                    () -> ApiException.invalidParameter(GRANULARITY, "hour, day or month")));
  }

  /**
   * Returns the requested period; defaults to today (UTC) until the next full hour.
   *
   * @throws ApiException as {@link ApiError.Malformed} if it is invalid or too long
   */
  static Period period(Request request, Instant now, Duration maxLength) {
    var from = hour(request, FROM).orElse(now.truncatedTo(ChronoUnit.DAYS));
    var to = hour(request, TO).orElse(Usage.startOfHour(now).plus(1, ChronoUnit.HOURS));
    try {
      return Period.of(from, to, maxLength);
    } catch (DateTimeException e) {
      throw new ApiException(new ApiError.Malformed(String.valueOf(e.getMessage())));
    }
  }

  private static Optional<Instant> hour(Request request, String name) {
    try {
      return request.query(name).map(Period::parseHour);
    } catch (DateTimeException e) {
      throw ApiException.invalidParameter(name, Period.HOUR_RULE);
    }
  }
}
