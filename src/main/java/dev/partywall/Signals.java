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

/** What the service tells of itself, put together: traces, metrics, audit. */
final class Signals {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Metrics metrics = new Metrics(Metrics.NAMED_TENANTS);
  private final RandomLongs ids;
  private final InstantSource clock;
  private final AuditTrail trail;
  private final Ticker ticker;
  private final StsStatus sts;
  private final JsonLoggerFactory log = JsonLoggerFactory.installed();

  Signals(SecureRandom seed, InstantSource clock) {
    this.ids = new RandomLongs(seed);
    this.clock = clock;
    this.sts = new StsStatus(clock);
    var chain = new AuditChain(log, ids, clock);
    trail = new AuditTrail(chain, clock);
    metrics.count(
        "partywall_log_lines_dropped",
        "Lines that found no room in the log's buffer, or were lost.",
        log::dropped);
    ticker =
        new Ticker()
            .each(SECOND, trail::tick)
            .each(MINUTE, chain::tellHead)
            .each(MINUTE, metrics::tick);
  }

  /** The outermost door. Traces that start here are not sampled, since nothing exports them. */
  Filter trace() {
    return new TraceFilter(ids, false);
  }

  Filter requests() {
    return metrics.requests();
  }

  Filter audit() {
    return new Audit(trail);
  }

  Route metricsRoute() {
    return metrics.route();
  }

  /** What every call to AWS passes by: it is traced, counted, and audited where AWS refuses it. */
  List<ExecutionInterceptor> interceptors() {
    return List.of(
        new TraceCalls(ids, Optional.empty(), clock), metrics.awsCalls(), new WallWatch(trail));
  }

  /** Counts what happens to tenants' credentials. */
  CredentialListener credentials() {
    return new Credentials(metrics.cache("credentials"), sts);
  }

  /** Counts look-ups of tokens. */
  TokenListener tokens() {
    return new Tokens(metrics.cache("tokens"));
  }

  /** Shows how full the service is. */
  void room(Ceiling ceiling) {
    metrics.gauge("partywall_requests_in_hand", "Requests being served.", ceiling::inHand);
    metrics.gauge("partywall_requests_in_line", "Requests that wait for a place.", ceiling::inLine);
  }

  /** Shows how far the ledger is behind. */
  void usage(Supplier<UsageStatus> status) {
    var start = clock.instant();
    metrics.gauge(
        "partywall_usage_journal_bytes",
        "Usage on disk that is not known to be in the ledger.",
        () -> status.get().bytes());
    metrics.gauge(
        "partywall_usage_since_shipped_seconds",
        "Time since all usage that was ready was in the ledger, or since the start.",
        () -> seconds(status.get().lastShipped().orElse(start)));
  }

  private double seconds(Instant since) {
    return Duration.between(since, clock.instant()).toMillis() / 1e3;
  }

  /** What is wrong with STS. */
  Optional<String> stsProblem() {
    return sts.problem();
  }

  /** Why lines don't come out. */
  Optional<String> logProblem() {
    return log.problem();
  }

  /** Closes the audit, if standard output takes that within so long. */
  void close(Duration patience) {
    ticker.close();
    trail.end(patience);
  }

  private record Tokens(OutcomeCount count) implements TokenListener {
    @Override
    public void hit() {
      count.count("hit");
    }

    @Override
    public void miss() {
      count.count("miss");
    }
  }

  private record Credentials(OutcomeCount count, StsStatus sts) implements CredentialListener {
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
