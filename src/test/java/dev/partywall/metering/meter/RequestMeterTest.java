package dev.partywall.metering.meter;

import static dev.partywall.metering.meter.MeteredTenant.first;
import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.http.server.JdkServer;
import dev.partywall.http.server.ListenerLimits;
import dev.partywall.metering.MeteringFixture;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.storage.ShiftedClock;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TestExecution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestMeterTest {
  private static final Handler END = _ -> Response.json(200, "{}");

  private final ShiftedClock clock = new ShiftedClock(EIGHT.plusSeconds(3599));
  private final AtomicLong nanos = new AtomicLong();
  private final TenantUsageCounters counters = new TenantUsageCounters(clock, 100);
  private final RequestMeter meter =
      new RequestMeter(counters, nanos::get, MeteringFixture::tierName, _ -> {});

  @Test
  void metersBodiesTimeAndUnitsOfARequest() throws IOException {
    var response =
        filterChain(
                request -> {
                  meter.consumed(1500, 0);
                  meter.consumed(0, 6000);
                  nanos.addAndGet(Duration.ofMillis(41).toNanos() + 999_999);
                  return Response.json(
                      200, new String(request.body().bytes(), StandardCharsets.UTF_8));
                })
            .handle(request("{\"a\":1}"));
    sent(response, 7);
    var expected =
        Amounts.ofKernel(measure ->
            switch (measure) {
              case REQUESTS -> 1;
              case BYTES_IN, BYTES_OUT -> 7;
              case READ_UNITS -> 1500;
              case WRITE_UNITS -> 6000;
              case BUSY -> 41;
            });
    var usage = Usage.of(first(ACME), EIGHT, expected).withTier("standard");
    assertEquals(List.of(usage.withLastRequestAt(clock.instant())), drained());
  }

  @Test
  void theFirstRequestOfAnHourDeterminesItsTier() throws IOException {
    var chain = Filter.chain(List.of(new MeterResponses(), new MeterRequests(meter)), END);
    meterFor(new Tenant(ACME), chain); // background work
    meterFor(new Tenant(ACME, "premium"), chain);
    meterFor(new Tenant(ACME, "free"), chain);
    assertEquals(Optional.of("premium"), drained().getFirst().tier());
    clock.advance(Duration.ofHours(1));
    meterFor(new Tenant(ACME, "gold"), chain); // an unknown tier counts as the default
    assertEquals(Optional.of("free"), drained().getFirst().tier());
  }

  /** Two requests can determine the tier at the same time. */
  @Test
  void aTierIsSetOnce() {
    var counter = new UsageCounter(first(ACME), EIGHT);
    counter.setTierIfAbsent("premium");
    counter.setTierIfAbsent("free");
    assertEquals(Optional.of("premium"), counter.tier());
  }

  private static void meterFor(Tenant tenant, Handler chain) {
    sent(TenantContext.call(tenant, () -> chain.handle(request(""))), 2);
  }

  @Test
  void metersTheBytesOfAnErrorResponse() throws IOException {
    var response =
        filterChain(
                _ -> {
                  throw new ApiException(new ApiError.NotFound());
                })
            .handle(request(""));
    sent(response, response.body().length);
    var usage = drained().getFirst().amounts();
    assertEquals(1, usage.steps(KernelMeter.REQUESTS));
    assertEquals(response.body().length, usage.steps(KernelMeter.BYTES_OUT));
  }

  @Test
  void countsALateResponseInTheHourOfItsRequest() throws IOException {
    var response = filterChain(_ -> Response.json(200, "{}")).handle(request(""));
    clock.advance(Duration.ofHours(1));
    drained();
    sent(response, 2);
    var expected = Usage.of(first(ACME), EIGHT, Amounts.of(KernelMeter.BYTES_OUT, 2));
    assertEquals(List.of(expected.withTier("standard")), drained());
  }

  @Test
  void countsABodyOnceAndOnlyIfRead() throws IOException {
    sent(filterChain(_ -> Response.of(204)).handle(request("unread")), 0);
    var twice =
        filterChain(request -> {
          request.body().bytes();
          request.body().bytes();
          return Response.of(204);
        });
    sent(twice.handle(request("read")), 0);
    var usage = drained().getFirst().amounts();
    assertEquals(4, usage.steps(KernelMeter.BYTES_IN));
    assertEquals(2, usage.steps(KernelMeter.REQUESTS));
  }

  @Test
  void ignoresRequestsWithoutATenant() throws IOException {
    var open = Filter.chain(List.of(new MeterResponses()), _ -> Response.json(200, "{}"));
    sent(open.handle(request("")), 2);
    meter.consumed(1000, 0);
    assertEquals(List.of(), drained());
  }

  /** An operator's request passes both filters, but they bind no tenant and count nothing. */
  @Test
  void chargesNoTenantForTheWorkOfAnOperator() throws IOException {
    var execution = TestExecution.of(new Identity.Operator("olga", Set.of("tenants:admin")));
    var chain =
        Filter.chain(
            List.of(new MeterResponses(), new MeterRequests(meter)),
            request -> {
              meter.consumed(1000, 0);
              return execution.callForTenant(
                  new Tenant(ACME),
                  () -> {
                    meter.consumed(500, 2000);
                    return Response.json(
                        200, new String(request.body().bytes(), StandardCharsets.UTF_8));
                  });
            });
    sent(execution.call(() -> chain.handle(request("{}"))), 2);
    assertEquals(List.of(), drained());
  }

  @Test
  void chargesTheWorkOfATenantsUserOutsideARequest() throws IOException {
    var alice =
        new Identity.TenantUser(ACME, Optional.empty(), "alice", Set.of(), TestExecution.ORIGIN);
    var execution = TestExecution.of(alice);
    execution.call(() ->
        execution.callForTenant(
            new Tenant(ACME),
            () -> {
              meter.consumed(500, 2000);
              return "";
            }));
    assertEquals(500, drained().getFirst().amounts().steps(KernelMeter.READ_UNITS));
  }

  @Test
  void chargesWorkOutsideARequestUnlessUnmetered() throws IOException {
    var tenant = MeteringFixture.tenant(ACME);
    TenantContext.call(
        tenant,
        () -> {
          meter.consumed(1000, 0);
          return RequestMeter.unmetered(() -> {
            meter.consumed(500, 0);
            return "";
          });
        });
    assertEquals(1000, drained().getFirst().amounts().steps(KernelMeter.READ_UNITS));
  }

  @Test
  void failsWithoutTheOuterFilter() {
    var broken =
        Filter.chain(
            List.of(RequestMeterTest::bind, new MeterRequests(meter)), _ -> Response.of(204));
    assertThrows(IllegalStateException.class, () -> broken.handle(request("")));
  }

  @Test
  void countsARequestThatEndsWithAnUnhandledException() throws IOException {
    var filterChain =
        Filter.chain(
            List.of(new MeterResponses(), RequestMeterTest::bind, new MeterRequests(meter)),
            _ -> {
              throw new IllegalStateException("unexpected failure");
            });
    assertThrows(IllegalStateException.class, () -> filterChain.handle(request("")));
    clock.advance(Duration.ofHours(1));
    assertEquals(1, drained().getFirst().amounts().steps(KernelMeter.REQUESTS));
    assertEquals(List.of(), drained());
  }

  @Test
  void metersTheBodiesOverARealConnection() throws Exception {
    var responseSent = new CountDownLatch(1);
    Filter notifyWhenSent =
        (request, next) -> next.handle(request).onSent(_ -> responseSent.countDown());
    var handler = filterChain(request -> Response.of(200, "text/plain", request.body().bytes()));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server =
            JdkServer.start(
                address, Filter.chain(List.of(notifyWhenSent), handler), ListenerLimits.DEFAULT);
        var http = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + server.port() + "/");
      var request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofByteArray(new byte[5000]));
      http.send(request.build(), BodyHandlers.ofByteArray());
      responseSent.await();
    }
    var usage = drained().getFirst().amounts();
    assertEquals(5000, usage.steps(KernelMeter.BYTES_IN));
    assertEquals(5000, usage.steps(KernelMeter.BYTES_OUT));
  }

  @Test
  void countsTheRequestsOfARouteAndTheUsesOfAFeature() throws IOException {
    var route = Route.of("GET", "/orders/{id}", "orders:read", END);
    var handler =
        filterChain(request -> {
          meter.addFeatureUse("order-notes");
          return END.handle(request);
        });
    sent(handler.handle(request("").with(new Match.Found(route, Map.of("id", "7")))), 2);
    sent(handler.handle(request("").with(new Match.Found(route, Map.of("id", "8")))), 2);
    sent(handler.handle(request("").with(new Match.NoMatch())), 2);
    meter.addFeatureUse("order-notes"); // outside a request
    var amounts = drained().getFirst().amounts();
    assertEquals(2, amounts.steps(UsageMeter.route("GET", "/orders/{id}")));
    assertEquals(3, amounts.steps(UsageMeter.feature("order-notes")));
    assertEquals(3, amounts.steps(KernelMeter.REQUESTS));
    assertEquals(List.of(), drained());
  }

  private Handler filterChain(Handler handler) {
    return Filter.chain(
        List.of(
            new MeterResponses(),
            new ProblemDetailsFilter("orders", () -> "0"),
            RequestMeterTest::bind,
            new MeterRequests(meter)),
        handler);
  }

  private static Response bind(Request request, Handler next) {
    return TenantContext.call(MeteringFixture.tenant(ACME), () -> next.handle(request));
  }

  private static Request request(String body) {
    var bytes = Body.of(body.getBytes(StandardCharsets.UTF_8));
    return Request.of("POST", RequestTarget.ROOT, Headers.NONE, bytes);
  }

  private static void sent(Response response, long bytes) {
    var sent = new Response.SendResult(bytes, Duration.ZERO, true);
    response.listeners().forEach(listener -> listener.accept(sent));
  }

  private List<Usage> drained() throws IOException {
    var usage = new ArrayList<Usage>();
    counters.drain(usage::addAll);
    return usage;
  }
}
