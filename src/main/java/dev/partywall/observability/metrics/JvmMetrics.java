package dev.partywall.observability.metrics;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.function.ToLongFunction;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Metrics of the JVM's memory, garbage collections, threads, processor time and file descriptors,
 * under the names of OpenTelemetry's conventions.
 *
 * <p>Prometheus's own module, {@code prometheus-metrics-instrumentation-jvm} 1.10.0, is not used.
 * Its names are other ones ({@code jvm_threads_current} for {@code jvm_thread_count}, {@code
 * jvm_gc_collection_seconds} for {@code jvm_gc_duration_seconds}), so dashboards would need two
 * conventions, and a change of names breaks alerts. It has no metric of processor time, and adds 39
 * classes (61 KB) with about thirty metrics, where this file has nine.
 */
final class JvmMetrics {
  private static final double[] GC_SECONDS = {.01, .1, 1, 10};

  private JvmMetrics() {}

  static void register(PrometheusRegistry registry) {
    memory(registry, "used", "Memory used.", MemoryUsage::getUsed);
    memory(registry, "committed", "Memory committed.", MemoryUsage::getCommitted);
    memory(registry, "limit", "Maximum memory obtainable.", MemoryUsage::getMax);
    collections(registry);
    threads(registry);
    processorTime(registry);
    processorCount(registry);
    fileDescriptors(registry);
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
        DurationHistogram.named("jvm_gc_duration", "Duration of garbage collections.", GC_SECONDS)
            .labelNames("jvm_gc_name", "jvm_gc_action")
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
        .callback(gauge -> threads(gauge, threads))
        .register(registry);
  }

  private static void threads(GaugeWithCallback.Callback gauge, ThreadMXBean threads) {
    var daemons = threads.getDaemonThreadCount();
    gauge.call(daemons, "true");
    gauge.call(threads.getThreadCount() - daemons, "false");
  }

  private static void processorTime(PrometheusRegistry registry) {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    CounterWithCallback.builder()
        .name("jvm_cpu_time")
        .help("CPU time used by the process.")
        .unit(Unit.SECONDS)
        .callback(counter -> counter.call(Unit.nanosToSeconds(system.getProcessCpuTime())))
        .register(registry);
  }

  private static void processorCount(PrometheusRegistry registry) {
    // Read at each scrape: a container's share of processors can change while it runs.
    GaugeWithCallback.builder()
        .name("jvm_cpu_count")
        .help("Number of processors available.")
        .callback(gauge -> gauge.call(Runtime.getRuntime().availableProcessors()))
        .register(registry);
  }

  // Each open connection takes a descriptor. The JDK's server does not report their number.
  private static void fileDescriptors(PrometheusRegistry registry) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      GaugeWithCallback.builder()
          .name("jvm_file_descriptor_count")
          .help("Number of open file descriptors.")
          .callback(gauge -> gauge.call((double) unix.getOpenFileDescriptorCount()))
          .register(registry);
      GaugeWithCallback.builder()
          .name("jvm_file_descriptor_limit")
          .help("Maximum number of open file descriptors.")
          .callback(gauge -> gauge.call((double) unix.getMaxFileDescriptorCount()))
          .register(registry);
    }
  }
}
