package dev.partywall;

import dev.partywall.http.Ceiling;
import dev.partywall.http.Filter;
import dev.partywall.http.Route;
import dev.partywall.identity.TokenListener;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.VendingFailed;
import dev.partywall.metering.UsageStatus;
import dev.partywall.observability.Audit;
import dev.partywall.observability.AuditChain;
import dev.partywall.observability.AuditTrail;
import dev.partywall.observability.JsonLoggerFactory;
import dev.partywall.observability.Metrics;
import dev.partywall.observability.OutcomeCount;
import dev.partywall.observability.RandomLongs;
import dev.partywall.observability.Ticker;
import dev.partywall.observability.TraceCalls;
import dev.partywall.observability.TraceFilter;
import dev.partywall.observability.WallWatch;
import dev.partywall.tenancy.TenantId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** The telemetry of the service: traces, metrics and audit. */
final class Signals {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Metrics metrics = new Metrics(Metrics.NAMED_TENANTS);
  private final RandomLongs ids;
  private final InstantSource clock;
  private final AuditTrail auditLog;
  private final Ticker periodicTask;
  private final StsStatus sts;
  private final JsonLoggerFactory log = JsonLoggerFactory.installed();

  Signals(SecureRandom random, InstantSource clock) {
    this.ids = new RandomLongs(random);
    this.clock = clock;
    this.sts = new StsStatus(clock);
    var auditWriter = new AuditChain(log, ids, clock);
    auditLog = new AuditTrail(auditWriter, clock);
    metrics.count(
        "partywall_log_lines_dropped",
        "Log lines that were lost, for example because the buffer was full.",
        log::dropped);
    periodicTask =
        new Ticker()
            .each(SECOND, auditLog::tick)
            .each(MINUTE, auditWriter::tellHead)
            .each(MINUTE, metrics::tick);
  }

  /** Returns the outermost filter. It does not sample new traces, because nothing exports them. */
  Filter trace() {
    return new TraceFilter(ids, false);
  }

  Filter requests() {
    return metrics.requests();
  }

  Filter audit() {
    return new Audit(auditLog);
  }

  Route metricsRoute() {
    return metrics.route();
  }

  /** Returns the interceptors that trace and count each AWS call, and audit denied calls. */
  List<ExecutionInterceptor> interceptors() {
    return List.of(
        new TraceCalls(ids, Optional.empty(), clock), metrics.awsCalls(), new WallWatch(auditLog));
  }

  /** Returns a listener that counts the events of tenant credentials. */
  CredentialListener credentials() {
    return new CredentialEventCounter(metrics.cache("credentials"), sts);
  }

  /** Returns a listener that counts lookups in the token cache. */
  TokenListener tokens() {
    return new TokenLookupCounter(metrics.cache("tokens"));
  }

  /** Registers gauges for the requests in flight and in the queue. */
  void room(Ceiling concurrencyLimit) {
    metrics.gauge("partywall_requests_in_hand", "Requests in flight.", concurrencyLimit::inHand);
    metrics.gauge(
        "partywall_requests_in_line", "Requests that wait for a permit.", concurrencyLimit::inLine);
  }

  /** Registers gauges for the usage that the ledger lacks. */
  void usage(Supplier<UsageStatus> status) {
    var start = clock.instant();
    metrics.gauge(
        "partywall_usage_journal_bytes",
        "Usage on disk that is not confirmed to be in the ledger.",
        () -> status.get().bytes());
    metrics.gauge(
        "partywall_usage_since_shipped_seconds",
        "Time since the ledger last contained all complete usage, or since the start.",
        () -> seconds(status.get().lastShipped().orElse(start)));
  }

  private double seconds(Instant since) {
    return Duration.between(since, clock.instant()).toMillis() / 1e3;
  }

  /** Returns the problem with STS, if any. */
  Optional<String> stsProblem() {
    return sts.problem();
  }

  /** Returns the reason why log lines cannot be written, if any. */
  Optional<String> logProblem() {
    return log.problem();
  }

  /** Closes the audit log, waiting for standard output up to a timeout. */
  void close(Duration timeout) {
    periodicTask.close();
    auditLog.end(timeout);
  }

  private record TokenLookupCounter(OutcomeCount count) implements TokenListener {
    @Override
    public void hit() {
      count.count("hit");
    }

    @Override
    public void miss() {
      count.count("miss");
    }
  }

  private record CredentialEventCounter(OutcomeCount count, StsStatus sts)
      implements CredentialListener {
    @Override
    public void hit() {
      count.count("hit");
    }

    @Override
    public void vended(TenantId tenant, Duration took) {
      sts.well();
      count.count("vended");
    }

    @Override
    public void renewed(TenantId tenant, Duration took) {
      sts.well();
      count.count("renewed");
    }

    @Override
    public void failed(TenantId tenant, VendingFailed.Reason reason, boolean renewal) {
      if (reason == VendingFailed.Reason.REFUSED) {
        sts.refused(reason.toString());
      } else {
        sts.failed(reason.toString());
      }
      count.count(renewal ? "renewal_failed" : "failed");
    }

    @Override
    public void distrusted(TenantId tenant) {
      count.count("distrusted");
    }
  }
}
