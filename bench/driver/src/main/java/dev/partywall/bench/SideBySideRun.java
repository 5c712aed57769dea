package dev.partywall.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Runs the services in alternation, each in a new process in each round. */
final class SideBySideRun {
  private static final double MEBIBYTE = 1_048_576;
  private static final int TENANTS = 100;
  private static final int USERS = 10;

  private final BenchPaths paths;
  private final RunPlan plan;
  private final ServiceLauncher launcher;
  private final RequestMessages requests;
  private final ServiceCheck serviceCheck;

  SideBySideRun(BenchPaths paths, RunPlan plan, StubBackend stub)
      throws IOException, InterruptedException {
    this.paths = paths;
    this.plan = plan;
    this.launcher = new ServiceLauncher(stub, plan.storage(), paths.work());
    var tokens = stub.tokens(TENANTS, USERS);
    this.requests = new RequestMessages(tokens);
    this.serviceCheck = ServiceCheck.of(stub, tokens.getFirst());
  }

  /** A service with its measurements so far. */
  private record ServiceUnderTest(
      BenchService service, ServiceMeasurements measurements, AotCache cache) {}

  /** Measures all services. */
  RunResults run() throws IOException, InterruptedException {
    var services = new ArrayList<ServiceUnderTest>();
    var versions = new ServiceVersions(paths);
    for (var service : new ServiceCatalog(paths).of(plan)) {
      log("checking and training " + service.label());
      check(service);
      services.add(prepare(service, versions.of(service)));
    }
    var measurements = services.stream().map(ServiceUnderTest::measurements).toList();
    for (var round = 1; round <= plan.rounds(); round++) {
      for (var service : services) {
        log("round " + round + " of " + plan.rounds() + ": " + service.service.label());
        measure(service);
      }
      // A different order in each round, so a service does not always follow the same one. Two
      // services alternate.
      if (services.size() == 2) {
        Collections.reverse(services);
      } else {
        Collections.shuffle(services, new Random(round));
      }
    }
    return results(versions.sdkVersion(), measurements);
  }

  private void check(BenchService service) throws IOException, InterruptedException {
    try (var running = launcher.start(service)) {
      running.awaitFirstSuccess(requests.of(0));
      serviceCheck.check(service, running.port());
    }
  }

  private ServiceUnderTest prepare(BenchService service, String version)
      throws IOException, InterruptedException {
    var measured = new ServiceMeasurements(service.name(), service.label(), version);
    var cache = AotCache.train(service, launcher, requests);
    measured.add(Figure.SIZE, bytes(service.artefact()) / MEBIBYTE);
    measured.add(Figure.CACHE_SIZE, cache.bytes() / MEBIBYTE);
    return new ServiceUnderTest(service, measured, cache);
  }

  private void measure(ServiceUnderTest service) throws IOException, InterruptedException {
    try (var running = launcher.start(service.service)) {
      measureUnderLoad(running, service.measurements);
    }
    try (var running = launcher.startForCache(service.service, service.cache.flags())) {
      service.measurements.add(
          Figure.START_CACHED, running.awaitFirstSuccess(requests.of(0)) / 1e6);
    }
  }

  private void measureUnderLoad(RunningService running, ServiceMeasurements measured)
      throws IOException, InterruptedException {
    measured.add(Figure.START, running.awaitFirstSuccess(requests.of(0)) / 1e6);
    measured.add(Figure.RSS_IDLE, ProcessStatistics.memory(running.pid(), "VmRSS") / MEBIBYTE);
    var load = new ClosedLoopLoad(running.port(), plan.connections(), requests);
    load.sendCount(plan.warmUp());

    var before = ProcessStatistics.cpu(running.pid());
    var saturated = load.runSaturated(plan.saturated());
    measured.add(Figure.CPU, perRequest(running, before, saturated));
    measured.add(Figure.THROUGHPUT, saturated.perSecond());

    before = ProcessStatistics.cpu(running.pid());
    var paced = load.runPaced(plan.paced(), plan.rate());
    measured.add(Figure.CPU_PACED, perRequest(running, before, paced));
    measured.add(Figure.P50, paced.latencies().percentile(50));
    measured.add(Figure.P99, paced.latencies().percentile(99));
    measured.add(Figure.RSS, ProcessStatistics.memory(running.pid(), "VmRSS") / MEBIBYTE);
    measured.add(Figure.RSS_PEAK, ProcessStatistics.memory(running.pid(), "VmHWM") / MEBIBYTE);
  }

  private static double perRequest(
      RunningService running, java.time.Duration before, ClosedLoopLoad.LoadOutcome outcome) {
    var used = ProcessStatistics.cpu(running.pid()).minus(before);
    return used.toNanos() / 1e3 / outcome.requests();
  }

  private RunResults results(String sdk, List<ServiceMeasurements> measured) throws IOException {
    return new RunResults(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        plan.name(),
        plan.storage(),
        plan.rounds(),
        plan.rate(),
        Machine.here(),
        String.join(" ", Jvm.FLAGS),
        sdk,
        measured,
        Ratio.of(measured));
  }

  private static long bytes(Path artefact) throws IOException {
    try (var files = Files.walk(artefact)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void log(String text) {
    System.out.println(text);
  }
}
