package dev.partywall.observability.metrics;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.function.ToLongFunction;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** Metrics of the JVM's memory, garbage collections, threads and processor time. */
final class JvmMetrics {
  private static final double[] GC_SECONDS = {.01, .1, 1, 10};

  private JvmMetrics() {}

  static void register(PrometheusRegistry registry) {
    memory(registry, "used", "Memory used.", MemoryUsage::getUsed);
    memory(registry, "committed", "Memory committed.", MemoryUsage::getCommitted);
    memory(registry, "limit", "Maximum memory obtainable.", MemoryUsage::getMax);
    collections(registry);
    threads(registry);
    processor(registry);
  }

  private static void memory(
      PrometheusRegistry registry, String measure, String help, ToLongFunction<MemoryUsage> value) {
    GaugeWithCallback.builder()
        .name("jvm_memory_" + measure)
        .help(help)
        .unit(Unit.BYTES)
        .labelNames("jvm_memory_type", "jvm_memory_pool_name")
        .callback(gauge -> pools(gauge, value))
        .register(registry);
  }

  private static void pools(GaugeWithCallback.Callback gauge, ToLongFunction<MemoryUsage> value) {
    for (var pool : ManagementFactory.getMemoryPoolMXBeans()) {
      var bytes = value.applyAsLong(pool.getUsage());
      // A pool without a limit returns -1.
      if (bytes >= 0) {
        var type = pool.getType() == MemoryType.HEAP ? "heap" : "non_heap";
        gauge.call((double) bytes, type, pool.getName());
      }
    }
  }

  private static void collections(PrometheusRegistry registry) {
    var duration =
        Histogram.builder()
            .name("jvm_gc_duration")
            .help("Duration of garbage collections.")
            .unit(Unit.SECONDS)
            .labelNames("jvm_gc_name", "jvm_gc_action")
            .classicOnly()
            .classicUpperBounds(GC_SECONDS)
            .withoutExemplars()
            .register(registry);
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener((event, _) -> collected(duration, event), null, null);
      }
    }
  }

  private static void collected(Histogram duration, Notification event) {
    if (event.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      var info = GarbageCollectionNotificationInfo.from((CompositeData) event.getUserData());
      duration
          .labelValues(info.getGcName(), info.getGcAction())
          .observe(Unit.millisToSeconds(info.getGcInfo().getDuration()));
    }
  }

  // Counts platform threads only: the JVM does not count virtual threads.
  private static void threads(PrometheusRegistry registry) {
    var threads = ManagementFactory.getThreadMXBean();
    GaugeWithCallback.builder()
        .name("jvm_thread_count")
        .help("Number of executing platform threads.")
        .labelNames("jvm_thread_daemon")
        .callback(gauge -> {
          var daemons = threads.getDaemonThreadCount();
          gauge.call(daemons, "true");
          gauge.call(threads.getThreadCount() - daemons, "false");
        })
        .register(registry);
  }

  private static void processor(PrometheusRegistry registry) {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    CounterWithCallback.builder()
        .name("jvm_cpu_time")
        .help("CPU time used by the process.")
        .unit(Unit.SECONDS)
        .callback(counter -> counter.call(Unit.nanosToSeconds(system.getProcessCpuTime())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("jvm_cpu_count")
        .help("Number of processors available.")
        .callback(gauge -> gauge.call(Runtime.getRuntime().availableProcessors()))
        .register(registry);
  }
}
