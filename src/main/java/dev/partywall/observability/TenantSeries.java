package dev.partywall.observability;

import dev.partywall.http.Response.Sent;
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
 * What each tenant does, in a bounded number of series: the busiest tenants by name, all others
 * together as {@code other}. Who is busy is decided anew once a minute; a tenant that loses its
 * place, or that does nothing for an hour, loses its series.
 */
final class TenantSeries implements MultiCollector {
  private static final TenantId OTHER = new TenantId("other");
  // How many may be in the running for a place: a bound on memory, not on who is counted.
  private static final int CANDIDATES_PER_PLACE = 10;
  private static final int IDLE_SWEEPS = 60;

  private final int places;
  private final Map<TenantId, TenantCount> named = new ConcurrentHashMap<>();
  private final Map<TenantId, LongAdder> candidates = new ConcurrentHashMap<>();
  private final TenantCount others = new TenantCount();

  TenantSeries(int places) {
    this.places = places;
  }

  /** A request of that tenant has been answered. */
  void count(TenantId tenant, int status, Sent sent) {
    var count = named.get(tenant);
    (count == null ? find(tenant) : count).add(status, sent);
  }

  // A tenant whose name is "other" is counted under that name, but with the others.
  private TenantCount find(TenantId tenant) {
    if (tenant.equals(OTHER)) {
      return others;
    }
    return named.size() < places ? place(tenant) : stand(tenant);
  }

  private synchronized TenantCount place(TenantId tenant) {
    return named.size() < places ? named.computeIfAbsent(tenant, _ -> new TenantCount()) : others;
  }

  private TenantCount stand(TenantId tenant) {
    var known = candidates.get(tenant);
    if (known == null && candidates.size() < places * CANDIDATES_PER_PLACE) {
      known = candidates.computeIfAbsent(tenant, _ -> new LongAdder());
    }
    if (known != null) {
      known.increment();
    }
    return others;
  }

  /** Gives places to those who were busier than those who have them. */
  synchronized void sweep() {
    named.values().forEach(TenantCount::age);
    named.values().removeIf(count -> count.idle() >= IDLE_SWEEPS);
    // Summed before they are sorted: who is counted meanwhile must not change the order under it.
    candidates.entrySet().stream()
        .map(it -> Map.entry(it.getKey(), it.getValue().sum()))
        .sorted(Map.Entry.<TenantId, Long>comparingByValue().reversed())
        .limit(places)
        .forEach(it -> offer(it.getKey(), it.getValue()));
    candidates.clear();
  }

  // Twice as busy, so that two equals don't take turns: each turn costs a series its history.
  private void offer(TenantId tenant, long count) {
    if (named.size() >= places) {
      var weakest =
          named.entrySet().stream().min(Comparator.comparingDouble(it -> it.getValue().score()));
      if (weakest.isEmpty() || count <= 2 * weakest.get().getValue().score()) {
        return;
      }
      named.remove(weakest.get().getKey());
    }
    named.put(tenant, TenantCount.promoted(count));
  }

  @Override
  public MetricSnapshots collect() {
    return MetricSnapshots.of(
        requests(),
        total("partywall_tenant_busy_seconds", "Time spent on requests.", TenantCount::busySeconds),
        total("partywall_tenant_sent_bytes", "Bytes of bodies sent.", TenantCount::sentBytes));
  }

  private CounterSnapshot requests() {
    var metric =
        CounterSnapshot.builder()
            .name("partywall_tenant_requests")
            .help("Requests answered, by outcome: done (under 400), refused (under 500), failed.");
    for (var outcome : TenantCount.Outcome.values()) {
      point(metric, OTHER, others, outcome);
      named.forEach((tenant, count) -> point(metric, tenant, count, outcome));
    }
    return metric.build();
  }

  private static void point(
      CounterSnapshot.Builder metric,
      TenantId tenant,
      TenantCount count,
      TenantCount.Outcome outcome) {
    var labels =
        Labels.of("tenant_id", tenant.value(), "outcome", outcome.name().toLowerCase(Locale.ROOT));
    metric.dataPoint(
        CounterDataPointSnapshot.builder()
            .labels(labels)
            .value((double) count.requests(outcome))
            .build());
  }

  private CounterSnapshot total(String name, String help, ToDoubleFunction<TenantCount> value) {
    var metric = CounterSnapshot.builder().name(name).help(help);
    point(metric, OTHER, value.applyAsDouble(others));
    named.forEach((tenant, count) -> point(metric, tenant, value.applyAsDouble(count)));
    return metric.build();
  }

  private static void point(CounterSnapshot.Builder metric, TenantId tenant, double value) {
    var labels = Labels.of("tenant_id", tenant.value());
    metric.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(value).build());
  }
}
