package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.Filter;
import dev.partywall.http.Response;
import dev.partywall.local.LocalDynamo;
import dev.partywall.tenancy.admission.FairQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the filter chain of a running service. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class FilterChainTest {
  private static final FilterChain.Limits LARGE =
      limits(Duration.ofMinutes(1), 100, Duration.ofSeconds(10));

  private final InProcessService services;

  FilterChainTest(LocalDynamo dynamo) throws IOException {
    services = new InProcessService(dynamo);
  }

  @AfterEach
  void close() {
    services.close();
  }

  /** The filters that run are those on the stack of the handler. */
  @Test
  void aRequestPassesTheseFiltersInThisOrder() throws Exception {
    var passed = new CompletableFuture<List<String>>();
    var service =
        services.start(
            LARGE,
            _ -> {
              passed.complete(filtersOnTheStack());
              return Response.of(204);
            });
    try {
      assertEquals(204, services.get(service).status());
      assertEquals(
          List.of(
              "TraceFilter",
              "SelectRoute",
              "AccessLog",
              "RequestMetrics",
              "MeterResponses",
              "RateHeaders",
              "RejectionPace",
              "ProblemDetailsFilter",
              "RejectionMetrics",
              "AuditFilter",
              "RejectMalformed",
              "RequestTimeout",
              "Authenticate",
              "BindTenant",
              "Admit",
              "LimitMemory",
              "FairConcurrencyLimit",
              "MeterRequests",
              "Authorize"),
          passed.join());
    } finally {
      service.drain();
    }
  }

  private static List<String> filtersOnTheStack() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(frames ->
            frames
                .filter(frame -> Filter.class.isAssignableFrom(frame.getDeclaringClass()))
                .filter(frame -> frame.getMethodName().equals("filter"))
                .map(frame -> frame.getDeclaringClass().getSimpleName())
                .toList()
                .reversed());
  }

  @Test
  void aRequestTimesOut() throws Exception {
    var limits = limits(Duration.ofMillis(100), 100, Duration.ofSeconds(10));
    var never = new CountDownLatch(1);
    var service = services.start(limits, _ -> waitFor(never));
    try {
      var response = services.get(service);
      assertEquals(503, response.status());
      assertTrue(response.text().contains("The request timed out."), response::text);
    } finally {
      service.drain();
    }
  }

  @Test
  void requestsAboveTheConcurrencyLimitAreRejected() throws Exception {
    var limits = limits(Duration.ofMinutes(1), 1, Duration.ofMillis(20));
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var service =
        services.start(
            limits,
            _ -> {
              entered.countDown();
              return waitFor(release);
            });
    try (var first = services.send(service)) {
      assertTrue(entered.await(30, TimeUnit.SECONDS));
      var second = services.get(service);
      assertEquals(503, second.status());
      assertTrue(second.text().contains("The service is at capacity."), second::text);
      release.countDown();
      assertEquals(204, first.read().status());
      assertEquals(204, services.get(service).status());
    } finally {
      release.countDown();
      service.drain();
    }
  }

  @Test
  void theLimitsOfTwoProcessors() {
    assertEquals(
        new FilterChain.Limits(
            Duration.ofMillis(9_500),
            new FairQueue.Bounds(16, 512, 1_092, 273),
            Duration.ofSeconds(3)),
        FilterChain.Limits.of(2, 512L << 20));
    assertEquals(
        FilterChain.Limits.of(
            Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory()),
        Service.Replaceable.production().limits());
  }

  @Test
  void theHeapLimitsTheRequestsInTheQueueAndWithASmallOneThoseInFlight() {
    assertEquals(
        new FairQueue.Bounds(8, 256, 1_090, 272), FilterChain.Limits.of(8, 511L << 20).queue());
    assertEquals(new FairQueue.Bounds(8, 256, 64, 16), FilterChain.Limits.of(8, 16L << 20).queue());
    assertEquals(
        new FairQueue.Bounds(64, 2_048, 8_738, 2_184), FilterChain.Limits.of(8, 4L << 30).queue());
    assertEquals(
        new FairQueue.Bounds(64, 2_048, 20_000, 5_000),
        FilterChain.Limits.of(8, 16L << 30).queue());
  }

  private static FilterChain.Limits limits(
      Duration requestTimeout, int maxInFlight, Duration queueTimeout) {
    var bounds = new FairQueue.Bounds(maxInFlight, maxInFlight, 100, 100);
    return new FilterChain.Limits(requestTimeout, bounds, queueTimeout);
  }

  private static Response waitFor(CountDownLatch latch) {
    try {
      latch.await();
      return Response.of(204);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
