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

/** Runs the services in alternation, each in a fresh process in each round. */
final class SideBySideRun {
  private static final double MEBIBYTE = 1_048_576;
  private static final int TENANTS = 100;
  private static final int USERS = 10;

  private final BenchPaths places;
  private final RunPlan plan;
  private final ServiceLauncher launcher;
  private final RequestMessages requests;
  private final ServiceCheck work;

  SideBySideRun(BenchPaths places, RunPlan plan, StubBackend stub) throws IOException, InterruptedException {
    this.places = places;
    this.plan = plan;
    this.launcher = new ServiceLauncher(stub, plan.storage(), places.work());
    var tokens = stub.tokens(TENANTS, USERS);
    this.requests = new RequestMessages(tokens);
    this.work = ServiceCheck.of(stub, tokens.getFirst());
  }

  /** One service with all that is known of it so far. */
  private record ServiceUnderTest(BenchService service, ServiceMeasurements measured, AotCache cache) {}

  /** Measures them all. */
  RunResults run() throws IOException, InterruptedException {
    var entrants = new ArrayList<ServiceUnderTest>();
    var versions = new ServiceVersions(places);
    for (var service : new ServiceCatalog(places).of(plan)) {
      say("checking and training " + service.label());
      check(service);
      entrants.add(entrant(service, versions.of(service)));
    }
    var shown = entrants.stream().map(ServiceUnderTest::measured).toList();
    for (var round = 1; round <= plan.rounds(); round++) {
      for (var entrant : entrants) {
        say("round " + round + " of " + plan.rounds() + ": " + entrant.service.label());
        measure(entrant);
      }
      // Another order in each round, so that nobody always follows the same neighbour; of two, the
      // other one first.
      if (entrants.size() == 2) {
        Collections.reverse(entrants);
      } else {
        Collections.shuffle(entrants, new Random(round));
      }
    }
    return results(versions.sdk(), shown);
  }

  private void check(BenchService service) throws IOException, InterruptedException {
    try (var running = launcher.start(service)) {
      running.awaitFirst(requests.of(0));
      work.check(service, running.port());
    }
  }

  private ServiceUnderTest entrant(BenchService service, String version)
      throws IOException, InterruptedException {
    var measured = new ServiceMeasurements(service.name(), service.label(), version);
    var cache = AotCache.train(service, launcher, requests);
    measured.add(Figure.SIZE, bytes(service.artefact()) / MEBIBYTE);
    measured.add(Figure.CACHE_SIZE, cache.bytes() / MEBIBYTE);
    return new ServiceUnderTest(service, measured, cache);
  }

  private void measure(ServiceUnderTest entrant) throws IOException, InterruptedException {
    try (var running = launcher.start(entrant.service)) {
      underLoad(running, entrant.measured);
    }
    try (var running = launcher.startForCache(entrant.service, entrant.cache.flags())) {
      entrant.measured.add(Figure.START_CACHED, running.awaitFirst(requests.of(0)) / 1e6);
    }
  }

  private void underLoad(RunningService running, ServiceMeasurements measured)
      throws IOException, InterruptedException {
    measured.add(Figure.START, running.awaitFirst(requests.of(0)) / 1e6);
    measured.add(Figure.RSS_IDLE, ProcessStatistics.memory(running.pid(), "VmRSS") / MEBIBYTE);
    var load = new ClosedLoopLoad(running.port(), plan.connections(), requests);
    load.count(plan.warmUp());

    var before = ProcessStatistics.cpu(running.pid());
    var saturated = load.saturate(plan.saturated());
    measured.add(Figure.CPU, perRequest(running, before, saturated));
    measured.add(Figure.THROUGHPUT, saturated.perSecond());

    before = ProcessStatistics.cpu(running.pid());
    var paced = load.pace(plan.paced(), plan.rate());
    measured.add(Figure.CPU_PACED, perRequest(running, before, paced));
    measured.add(Figure.P50, paced.latencies().percentile(50));
    measured.add(Figure.P99, paced.latencies().percentile(99));
    measured.add(Figure.RSS, ProcessStatistics.memory(running.pid(), "VmRSS") / MEBIBYTE);
    measured.add(Figure.RSS_PEAK, ProcessStatistics.memory(running.pid(), "VmHWM") / MEBIBYTE);
  }

  private static double perRequest(
      RunningService running, java.time.Duration before, ClosedLoopLoad.LoadOutcome outcome) {
    var spent = ProcessStatistics.cpu(running.pid()).minus(before);
    return spent.toNanos() / 1e3 / outcome.requests();
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

  private static void say(String what) {
    System.out.println(what);
  }
}
