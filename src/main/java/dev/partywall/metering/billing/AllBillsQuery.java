package dev.partywall.metering.billing;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Cursor;
import dev.partywall.http.Paging;
import dev.partywall.http.Request;
import dev.partywall.metering.meter.MeteredTenant;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parameters of the list of all bills.
 *
 * @param granularity the intervals that each entry has in addition to its totals; empty for none
 * @param idleSince selects the tenants without a request since then, as the request states it
 */
record AllBillsQuery(
    Period period,
    Optional<Granularity> granularity,
    Optional<String> idleSince,
    Cursor cursors,
    Paging paging) {
  static final String[] PARAMETERS = {
    UsageQuery.FROM, UsageQuery.TO, UsageQuery.GRANULARITY, "limit", "cursor", "idleSince"
  };

  /**
   * The days that a page may cover, for all of its tenants together: 100 tenants for a month, or 7
   * tenants for 400 days. A day of a tenant has at most 24 items of about half a kilobyte.
   */
  static final int MAX_TENANT_DAYS = 3_100;

  private static final String IDLE_SINCE = "idleSince";
  private static final Pattern DURATION =
      Pattern.compile("P[0-9]{1,4}D|PT(?=[0-9])(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}S)?");

  /**
   * Reads the query parameters.
   *
   * @throws ApiException as {@link ApiError.Malformed} if a parameter is invalid or repeated, or if
   *     the page would cover too many days
   */
  static AllBillsQuery of(Request request, Instant now) {
    var granularity = UsageQuery.granularity(request);
    if (granularity.filter(Granularity.HOUR::equals).isPresent()) {
      throw ApiException.invalidParameter(UsageQuery.GRANULARITY, "day or month");
    }
    var idleSince = request.query(IDLE_SINCE);
    idleSince
        .filter(text -> !DURATION.matcher(text).matches())
        .ifPresent(_ -> {
          throw ApiException.invalidParameter(IDLE_SINCE, "a duration, such as P14D or PT12H");
        });
    // The period is no filter: its default depends on the time.
    var cursors =
        new Cursor(
            List.of("usage", idleSince.orElse("")), key -> MeteredTenant.parse(key).isPresent());
    var paging = Paging.of(request, cursors);
    var period = UsageQuery.period(request, now, Granularity.MONTH.maxPeriod());
    requireBounded(period, paging.limit());
    return new AllBillsQuery(period, granularity, idleSince, cursors, paging);
  }

  private static void requireBounded(Period period, int limit) {
    var hours = Duration.between(period.from(), period.to()).toHours();
    if (hours * limit > MAX_TENANT_DAYS * 24L) {
      throw new ApiException(
          new ApiError.Malformed(
              "A page covers at most %,d days of tenants. With limit=%d, the period may have %d days."
                  .formatted(MAX_TENANT_DAYS, limit, MAX_TENANT_DAYS / limit)));
    }
  }

  /** Returns the tenant after which the page starts; empty for the first page. */
  Optional<MeteredTenant> after() {
    return paging.after().map(MeteredTenant::ofKey);
  }

  /** Returns whether a tenant with this last request is in the list. */
  boolean includes(Optional<Instant> lastRequestAt, Instant now) {
    return idleSince
        .map(text -> now.minus(Duration.parse(text)))
        .flatMap(start -> lastRequestAt.map(last -> last.isBefore(start)))
        .orElse(true);
  }

  /** Returns the reference of the page after a tenant, with the same parameters. */
  String next(MeteredTenant last) {
    var values = new LinkedHashMap<String, String>();
    values.put(UsageQuery.FROM, period.from().toString());
    values.put(UsageQuery.TO, period.to().toString());
    granularity.ifPresent(value -> values.put(UsageQuery.GRANULARITY, value.label()));
    idleSince.ifPresent(text -> values.put(IDLE_SINCE, text));
    values.put("limit", Integer.toString(paging.limit()));
    values.put("cursor", cursors.write(last.key()));
    return values.entrySet().stream()
        .map(value ->
            value.getKey() + "=" + URLEncoder.encode(value.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&", AllBills.PATH + "?", ""));
  }
}
