package dev.partywall.runtime;

import dev.partywall.concurrent.Periodic;
import dev.partywall.identity.TokenListener;
import dev.partywall.isolation.CredentialListener;
import dev.partywall.isolation.IssuingFailedException.FailureReason;
import dev.partywall.metering.UsageStatus;
import dev.partywall.observability.audit.AuditLog;
import dev.partywall.observability.audit.AuditWriter;
import dev.partywall.observability.log.JsonLogProvider;
import dev.partywall.observability.log.JsonLoggerFactory;
import dev.partywall.observability.metrics.Metrics;
import dev.partywall.observability.metrics.OutcomeCounter;
import dev.partywall.observability.trace.AwsCallTracing;
import dev.partywall.observability.trace.TraceIds;
import dev.partywall.peers.PeerListener;
import dev.partywall.storage.AccessDenialListener;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.FairQueue;
import dev.partywall.tenancy.admission.MemoryBudget;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** The telemetry of the service: traces, metrics and audit. */
final class Telemetry {
  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Metrics metrics = new Metrics(Metrics.MAX_NAMED_TENANTS);
  private final TraceIds ids = TraceIds.ofThreadLocalRandom();
  private final InstantSource clock;
  private final AuditLog auditLog;
  private final List<Periodic> periodicTasks;
  private final StsStatus sts;
  private final JsonLoggerFactory log = JsonLogProvider.installedFactory();

  Telemetry(InstantSource clock) {
    this.clock = clock;
    this.sts = new StsStatus(metrics.cacheCounter("credentials"), clock);
    var auditWriter = new AuditWriter(log.reservedOutput(), ids, clock);
    auditLog = new AuditLog(auditWriter, clock);
    metrics.counter(
        "partywall_log_lines_dropped",
        "Log lines that were lost, for example because the buffer was full.",
        log::droppedLines);
    periodicTasks =
        List.of(
            Periodic.start(LOG, "audit-counts", SECOND, auditLog::writeDueCounts),
            Periodic.start(LOG, "audit-head", MINUTE, auditWriter::publishHead),
            Periodic.start(LOG, "tenant-ranking", MINUTE, metrics::updateBusiestTenants));
  }

  /** Returns the generator of trace and span ids. */
  TraceIds ids() {
    return ids;
  }

  Metrics metrics() {
    return metrics;
  }

  AuditLog auditLog() {
    return auditLog;
  }

  /** Returns the interceptors that trace and count each AWS call. */
  List<ExecutionInterceptor> interceptors() {
    return List.of(new AwsCallTracing(ids), metrics.awsCallInterceptor());
  }

  /** Returns a listener that audits each DynamoDB call that AWS denied. */
  AccessDenialListener accessDenialListener() {
    return auditLog::recordAccessDenied;
  }

  /** Returns a listener that counts the events of tenant credentials, and derives STS's health. */
  CredentialListener credentialListener() {
    return sts;
  }

  /** Returns a listener that counts lookups in the token cache. */
  TokenListener tokenListener() {
    return new TokenLookupCounter(metrics.cacheCounter("tokens"));
  }

  /** Returns a listener that counts the calls to these peers by outcome. */
  PeerListener peerListener(Set<String> peers) {
    var counters =
        peers.stream().collect(Collectors.toUnmodifiableMap(name -> name, metrics::peerCounter));
    return (peer, outcome) ->
        Objects.requireNonNull(counters.get(peer))
            .increment(outcome.name().toLowerCase(Locale.ROOT));
  }

  /** Registers gauges for the requests in flight and in the queue, and returns the queue. */
  FairQueue register(FairQueue queue) {
    metrics.gauge("partywall_requests_in_flight", "Requests in flight.", queue::inFlight);
    metrics.gauge("partywall_requests_queued", "Requests that wait for a permit.", queue::queued);
    metrics.gauge(
        "partywall_requests_in_flight_limit",
        "The present limit of requests in flight, which follows the latency.",
        queue::limit);
    return queue;
  }

  /** Registers a gauge for the reserved memory, and returns the budget. */
  MemoryBudget register(MemoryBudget budget) {
    metrics.gauge(
        "partywall_memory_reserved_bytes",
        "Heap that is reserved for bodies of requests and for large responses.",
        budget::reserved);
    return budget;
  }

  /** Registers a counter of the connections that were closed without a response, by reason. */
  void registerClosedConnections(Supplier<Map<String, Long>> counts) {
    metrics.counter(
        "partywall_connections_closed",
        "Connections that were closed without a response of this service.",
        "reason",
        counts);
  }

  /** Registers a gauge for the instances that share the limits of the tenants. */
  void registerInstances(DoubleSupplier instances) {
    metrics.gauge("partywall_instances", "Live instances, including this one.", instances);
  }

  /** Registers a counter that a capability has declared. */
  void register(Declarations.DeclaredCounter counter) {
    metrics.counter(counter.name(), counter.help(), () -> counter.sum().sum());
  }

  /** Registers gauges for the usage that the ledger lacks. */
  void registerUsage(Supplier<UsageStatus> status) {
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

  /** Registers a counter for the capacity that operations on tenants have consumed. */
  void registerOperationUnits(Supplier<Map<String, Long>> units) {
    metrics.counter(
        "partywall_operation_units",
        "Capacity units that operations on tenants have consumed.",
        "operation",
        units);
  }

  /** Registers a counter for the evaluations of features that failed. */
  void registerFeatureErrors(LongSupplier errors) {
    metrics.counter(
        "partywall_feature_errors", "Failed evaluations of features.", errors::getAsLong);
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
    periodicTasks.forEach(Periodic::close);
    auditLog.close(timeout);
  }

  private record TokenLookupCounter(OutcomeCounter count) implements TokenListener {
    @Override
    public void hit() {
      count.increment("hit");
    }

    @Override
    public void miss() {
      count.increment("miss");
    }
  }

  /**
   * Counts the events of tenant credentials, and derives the health of STS from the most recent
   * call. STS is called only if a tenant needs credentials, so a failure expires after a period
   * without calls.
   */
  static final class StsStatus implements CredentialListener {
    /** Longer than the delays between retries, so an outage does not appear as several. */
    static final Duration MAX_FAILURE_AGE = Duration.ofMinutes(5);

    private record Failure(String reason, Instant at) {}

    private final OutcomeCounter count;
    private final InstantSource clock;
    private volatile @Nullable Failure failure;
    private volatile @Nullable Instant lastSuccess;

    StsStatus(OutcomeCounter count, InstantSource clock) {
      this.count = count;
      this.clock = clock;
    }

    @Override
    public void hit() {
      count.increment("hit");
    }

    @Override
    public void issued(TenantId tenant, Duration duration) {
      succeeded("issued");
    }

    @Override
    public void renewed(TenantId tenant, Duration duration) {
      succeeded("renewed");
    }

    /**
     * {@inheritDoc}
     *
     * <p>While other tenants get credentials, a rejection concerns one tenant and does not mark STS
     * as degraded. Without the registry, STS is not called.
     */
    @Override
    public void failed(TenantId tenant, FailureReason reason, boolean renewal) {
      count.increment(renewal ? "renewal_failed" : "failed");
      if (reason == FailureReason.REGISTRY_UNAVAILABLE) {
        return;
      }
      var last = lastSuccess;
      if (reason != FailureReason.REJECTED || last == null || isOld(last)) {
        failure = new Failure(reason.toString(), now());
      }
    }

    @Override
    public void invalidated(TenantId tenant) {
      count.increment("invalidated");
    }

    private void succeeded(String outcome) {
      failure = null;
      lastSuccess = now();
      count.increment(outcome);
    }

    /**
     * Returns the last failure and its time; empty after a success or if the failure has expired.
     */
    Optional<String> problem() {
      var last = failure;
      if (last == null || isOld(last.at())) {
        return Optional.empty();
      }
      return Optional.of("the last call failed at " + last.at() + ": " + last.reason());
    }

    private boolean isOld(Instant at) {
      return at.plus(MAX_FAILURE_AGE).isBefore(clock.instant());
    }

    private Instant now() {
      return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
  }
}
