package dev.partywall.metering.billing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Accept;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.Amounts;
import dev.partywall.metering.meter.ServiceMeters;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code GET /usage?from=&to=&granularity=hour|day}: the bound tenant's usage. The tenant comes
 * only from the tenant binding.
 */
public final class UsageRoute {
  private static final String SCOPE = "usage:read";

  private final Ledger ledger;
  private final InstantSource clock;
  private final Optional<PriceList> prices;

  /**
   * Creates the route.
   *
   * @param prices adds charges to the response
   */
  public UsageRoute(Ledger ledger, InstantSource clock, Optional<PriceList> prices) {
    this.ledger = ledger;
    this.clock = clock;
    this.prices = prices;
  }

  /** Returns the route. */
  public Route route() {
    return Route.of("GET", "/usage", SCOPE, this::handle);
  }

  private Response handle(Request request) {
    var report = report(request);
    var response =
        Accept.of(request.headers()).prefers("text/csv", "application/json")
            ? Response.of(200, "text/csv; charset=utf-8; header=present", report.toCsv())
            : Response.json(200, report.toJson(prices));
    return response.with("Vary", "Accept");
  }

  private UsageReport report(Request request) {
    var granularity = granularity(request);
    var period = period(request, granularity);
    var tenant = TenantContext.current();
    var hours = ledger.usage(tenant.id(), period.from(), period.to());
    return UsageReport.of(ledger.meters(), tenant, period, granularity, hours);
  }

  private static Granularity granularity(Request request) {
    return request
        .query("granularity")
        .map(text ->
            Granularity.parse(text)
                .orElseThrow(() -> ApiException.invalidParameter("granularity", "hour or day")))
        .orElse(Granularity.HOUR);
  }

  /** Returns the requested period; defaults to the current day (UTC). */
  private Period period(Request request, Granularity granularity) {
    var today = clock.instant().truncatedTo(ChronoUnit.DAYS);
    var from = instant(request, "from").orElse(today);
    var to = instant(request, "to").orElse(today.plus(1, ChronoUnit.DAYS));
    try {
      return Period.of(from, to, granularity.maxPeriod());
    } catch (DateTimeException e) {
      throw new ApiException(new ApiError.Malformed(String.valueOf(e.getMessage())));
    }
  }

  private static Optional<Instant> instant(Request request, String name) {
    try {
      return request.query(name).map(Period::parseInstant);
    } catch (DateTimeException e) {
      throw ApiException.invalidParameter(
          name, "an RFC 3339 timestamp, such as 2026-11-23T08:00:00Z");
    }
  }

  /**
   * A tenant's usage in a period. Empty buckets are omitted. A day that the period covers partly
   * has the usage of that part only, so the totals are those of the period regardless of the
   * granularity.
   */
  private record UsageReport(
      ServiceMeters meters,
      Tenant tenant,
      Period period,
      Granularity granularity,
      SortedMap<Instant, Amounts> amountsByStart,
      Amounts totals) {
    private static final String LINE_END = "\r\n";

    static UsageReport of(
        ServiceMeters meters,
        Tenant tenant,
        Period period,
        Granularity granularity,
        List<Usage> hours) {
      var buckets = new TreeMap<Instant, Amounts>();
      var totals = Amounts.ZERO;
      for (var usage : hours) {
        buckets.merge(granularity.startOf(usage.hour()), usage.amounts(), Amounts::plus);
        totals = totals.plus(usage.amounts());
      }
      return new UsageReport(meters, tenant, period, granularity, buckets, totals);
    }

    /** Returns the report as JSON, with the charges if prices are given. */
    ObjectNode toJson(Optional<PriceList> prices) {
      var node = JsonNodeFactory.instance.objectNode();
      node.put("tenant", tenant.id().value());
      node.put("from", period.from().toString()).put("to", period.to().toString());
      node.put("granularity", granularity.label());
      var usage = node.putArray("usage");
      amountsByStart.forEach((start, amounts) -> {
        var bucket = usage.addObject().put("start", start.toString());
        putAmounts(bucket.putObject("meters"), amounts);
      });
      putAmounts(node.putObject("totals"), totals);
      prices.ifPresent(
          list -> putCharges(node.putObject("charges"), list.charge(tenant.tier(), totals)));
      return node;
    }

    /**
     * Returns the buckets as CSV (RFC 4180). It has no line of totals: a spreadsheet would count it
     * twice.
     */
    byte[] toCsv() {
      var head =
          meters.all().stream()
              .map(UsageMeter::label)
              .collect(Collectors.joining(",", "start,", LINE_END));
      var lines =
          amountsByStart.entrySet().stream()
              .map(bucket -> bucket.getKey() + "," + numbers(bucket.getValue()) + LINE_END)
              .collect(Collectors.joining("", head, ""));
      return lines.getBytes(StandardCharsets.UTF_8);
    }

    private void putAmounts(ObjectNode node, Amounts amounts) {
      meters
          .all()
          .forEach(measure -> node.put(measure.label(), measure.units(amounts.steps(measure))));
    }

    private static void putCharges(ObjectNode node, Charges charges) {
      node.put("currency", charges.currency());
      charges.tier().ifPresent(tier -> node.put("tier", tier));
      charges.cost().ifPresent(lines -> putMicros(node.putObject("costMicros"), lines));
      charges.bill().ifPresent(lines -> putMicros(node.putObject("billMicros"), lines));
    }

    private static void putMicros(ObjectNode node, Charges.ChargeLines lines) {
      lines.amounts().forEach((measure, micros) -> node.put(measure.label(), micros));
      node.put("total", lines.total());
    }

    private String numbers(Amounts amounts) {
      return meters.all().stream()
          .map(measure -> measure.units(amounts.steps(measure)).toPlainString())
          .collect(Collectors.joining(","));
    }
  }

  /** The length of a bucket of the report (UTC), with the maximum length of a period. */
  private enum Granularity {
    HOUR(ChronoUnit.HOURS, Duration.ofDays(93)),
    DAY(ChronoUnit.DAYS, Duration.ofDays(400));

    private final ChronoUnit unit;
    private final Duration maxPeriod;

    Granularity(ChronoUnit unit, Duration maxPeriod) {
      this.unit = unit;
      this.maxPeriod = maxPeriod;
    }

    static Optional<Granularity> parse(String text) {
      return Arrays.stream(values())
          .filter(granularity -> granularity.label().equals(text))
          .findFirst();
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    Duration maxPeriod() {
      return maxPeriod;
    }

    Instant startOf(Instant instant) {
      return instant.truncatedTo(unit);
    }
  }
}
