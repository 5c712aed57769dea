package dev.partywall.observability.metrics;

import dev.partywall.http.Response.SendResult;
import dev.partywall.tenancy.TenantId;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * Request metrics per tenant, in a bounded number of series: the busiest tenants by name, all
 * others together as {@code _other}. The selection is updated once per minute. A tenant that is
 * displaced, or that sends no request for an hour, loses its series.
 */
final class TenantSeries implements MultiCollector {
  /** No tenant id, which never contains an underscore. */
  private static final String OTHER = "_other";

  // Bounds the memory for candidates. Requests of all other tenants are still counted together.
  private static final int CANDIDATES_PER_SERIES = 10;
  private static final int MAX_IDLE_MINUTES = 60;

  private final int maxNamed;
  private final Map<TenantId, TenantCount> named = new ConcurrentHashMap<>();
  private final Map<TenantId, LongAdder> candidates = new ConcurrentHashMap<>();
  private final TenantCount others = new TenantCount();

  TenantSeries(int maxNamed) {
    this.maxNamed = maxNamed;
  }

  /** Counts a completed request. */
  void count(TenantId tenant, int status, SendResult sent) {
    var count = named.get(tenant);
    (count == null ? find(tenant) : count).add(status, sent);
  }

  private TenantCount find(TenantId tenant) {
    return named.size() < maxNamed ? addNamed(tenant) : countCandidate(tenant);
  }

  private synchronized TenantCount addNamed(TenantId tenant) {
    return named.size() < maxNamed ? named.computeIfAbsent(tenant, _ -> new TenantCount()) : others;
  }

  private TenantCount countCandidate(TenantId tenant) {
    var known = candidates.get(tenant);
    if (known == null && candidates.size() < maxNamed * CANDIDATES_PER_SERIES) {
      known = candidates.computeIfAbsent(tenant, _ -> new LongAdder());
    }
    if (known != null) {
      known.increment();
    }
    return others;
  }

  /** Replaces the least busy named tenants with busier candidates. */
  synchronized void updateRanking() {
    named.values().forEach(TenantCount::updateScore);
    named.values().removeIf(count -> count.idleMinutes() >= MAX_IDLE_MINUTES);
    // Sums before sorting: concurrent increments would break the sort order.
    candidates.entrySet().stream()
        .map(candidate -> Map.entry(candidate.getKey(), candidate.getValue().sum()))
        .sorted(Map.Entry.<TenantId, Long>comparingByValue().reversed())
        .limit(maxNamed)
        .forEach(candidate -> promote(candidate.getKey(), candidate.getValue()));
    candidates.clear();
  }

  // Requires twice the score. Equal tenants would alternate, and each swap loses a history.
  private void promote(TenantId tenant, long count) {
    if (named.size() >= maxNamed) {
      var leastBusy =
          named.entrySet().stream()
              .min(Comparator.comparingDouble(entry -> entry.getValue().score()));
      if (leastBusy.isEmpty() || count <= 2 * leastBusy.get().getValue().score()) {
        return;
      }
      named.remove(leastBusy.get().getKey());
    }
    named.put(tenant, TenantCount.promoted(count));
  }

  @Override
  public MetricSnapshots collect() {
    return MetricSnapshots.of(
        requests(),
        total("partywall_tenant_busy_seconds", "Time spent on requests.", TenantCount::busySeconds),
        total("partywall_tenant_sent_bytes", "Response body bytes sent.", TenantCount::sentBytes));
  }

  private CounterSnapshot requests() {
    var metric =
        CounterSnapshot.builder()
            .name("partywall_tenant_requests")
            .help("Completed requests by outcome: done (status < 400), rejected (< 500), failed.");
    for (var outcome : TenantCount.RequestOutcome.values()) {
      point(metric, OTHER, others, outcome);
      named.forEach((tenant, count) -> point(metric, tenant.value(), count, outcome));
    }
    return metric.build();
  }

  private static void point(
      CounterSnapshot.Builder metric,
      String tenant,
      TenantCount count,
      TenantCount.RequestOutcome outcome) {
    var labels = Labels.of("tenant_id", tenant, "outcome", outcome.name().toLowerCase(Locale.ROOT));
    metric.dataPoint(
        CounterDataPointSnapshot.builder()
            .labels(labels)
            .value((double) count.requests(outcome))
            .build());
  }

  private CounterSnapshot total(String name, String help, ToDoubleFunction<TenantCount> value) {
    var metric = CounterSnapshot.builder().name(name).help(help);
    point(metric, OTHER, value.applyAsDouble(others));
    named.forEach((tenant, count) -> point(metric, tenant.value(), value.applyAsDouble(count)));
    return metric.build();
  }

  private static void point(CounterSnapshot.Builder metric, String tenant, double value) {
    var labels = Labels.of("tenant_id", tenant);
    metric.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(value).build());
  }

  /** The request counts of one tenant, or of all tenants without their own series. */
  static final class TenantCount {
    private final LongAdder done = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    // Accessed only by the periodic update of the ranking, which runs on one thread.
    private double score;
    private long previousTotal;
    private int idleMinutes;

    /** The outcome of a request, by its status. */
    enum RequestOutcome {
      /** Below 400. */
      DONE,
      /** 400 to 499. */
      REJECTED,
      /** 500 and above. */
      FAILED
    }

    /** Creates counts for a tenant that made {@code requests} as a candidate. */
    static TenantCount promoted(long requests) {
      var count = new TenantCount();
      count.score = requests;
      return count;
    }

    void add(int status, SendResult sent) {
      (status < 400 ? done : status < 500 ? rejected : failed).increment();
      nanos.add(sent.duration().toNanos());
      bytes.add(sent.bytes());
    }

    long requests(RequestOutcome outcome) {
      return switch (outcome) {
        case DONE -> done.sum();
        case REJECTED -> rejected.sum();
        case FAILED -> failed.sum();
      };
    }

    double busySeconds() {
      return nanos.sum() / 1e9;
    }

    double sentBytes() {
      return bytes.sum();
    }

    /** Updates the score once per minute: halves the old score and adds the recent requests. */
    void updateScore() {
      var total = done.sum() + rejected.sum() + failed.sum();
      var recent = total - previousTotal;
      previousTotal = total;
      score = score / 2 + recent;
      idleMinutes = recent == 0 ? idleMinutes + 1 : 0;
    }

    /** Returns the exponentially decayed number of requests. */
    double score() {
      return score;
    }

    /** Returns the number of minutes without a request. */
    int idleMinutes() {
      return idleMinutes;
    }
  }
}
