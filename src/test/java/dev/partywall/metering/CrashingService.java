package dev.partywall.metering;

import static dev.partywall.metering.meter.MeteredTenant.first;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Router;
import dev.partywall.http.SelectRoute;
import dev.partywall.http.filters.ProblemDetailsFilter;
import dev.partywall.metering.journal.Journal;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.metering.ledger.Ledger;
import dev.partywall.metering.meter.MeterRequests;
import dev.partywall.metering.meter.MeterResponses;
import dev.partywall.metering.meter.RequestMeter;
import dev.partywall.metering.meter.Usage;
import dev.partywall.metering.meter.UsageMeter;
import dev.partywall.metering.meter.UsageMeter.KernelMeter;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.runtime.Declarations;
import dev.partywall.storage.CapacityInterceptor;
import dev.partywall.storage.CountedWrites;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantLocations;
import dev.partywall.tenancy.TestExecution;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * A service in its own process that is killed at a random moment. It runs the product's metering
 * with all threads, and serves the product's orders behind the filters that metering needs. An
 * {@link ActionRecorder} records its actions.
 */
final class CrashingService {
  static final int TENANTS = 5;

  private static final int THREADS = 2;
  private static final Duration SHIP = Duration.ofMillis(50);
  private static final Duration CLOSE = Duration.ofMillis(100);
  private static final Duration PAUSE = Duration.ofMillis(4);

  /** The current request. It has one timestamp, the time of its arrival. */
  private static final ScopedValue<CurrentRequest> CURRENT_REQUEST = ScopedValue.newInstance();

  private static final byte[] ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private final ActionRecorder witness = new ActionRecorder();
  private final AtomicLong requestNumbers = new AtomicLong();
  private final TenantId ownTenant;
  private final FastClock clock;
  private final Handler filterChain;

  private record CurrentRequest(long number, TenantId tenant, Instant now) {
    Usage.TenantHour slot() {
      return new Usage.TenantHour(first(tenant), Usage.startOfHour(now));
    }
  }

  private CrashingService(
      URI dynamo, String prefix, Path folder, TenantId ownTenant, FastClock clock)
      throws JournalUnusableException {
    this.ownTenant = ownTenant;
    this.clock = clock;
    witness.print("starting");
    var random = new SecureRandom();
    var ledger =
        new Ledger(
            MeteringFixture.client(dynamo, List.of(new LedgerCallRecorder())),
            prefix,
            MeteringFixture.METERS,
            clock,
            random);
    var sources =
        new Metering.Sources(
            this::now,
            System::nanoTime,
            UUID::randomUUID,
            TestExecution::create,
            MeteringFixture::tierName);
    var journal = Journal.open(folder, UUID::randomUUID, clock);
    witness.print("journal open");
    var metering = new Metering(journal, ledger, sources, Metering.FLUSH_TIMEOUT);
    var pool = new TenantLocations(prefix + "orders");
    var client = MeteringFixture.client(dynamo, List.of(capacity(metering.meter())));
    var orders = Declarations.of(List.of(OrderRoutes::of), Map.of(), sources.clock(), random);
    orders.connect(
        new TenantTable.Connection(
            client, pool, sources.clock(), random, metering.countedWriteListener()));
    var router = new Router(orders.routes());
    filterChain = filterChain(router, metering.meter());
    var flush = Duration.ofMillis(Integer.getInteger("flush"));
    metering.start(
        new CountedWrites(client, pool), Tenant::new, new Metering.Intervals(flush, SHIP, CLOSE));
    witness.print("serving");
  }

  /**
   * Arguments: endpoint, table prefix, journal folder, a tenant of this process only, and a clock.
   */
  static void main(String[] args) throws JournalUnusableException {
    var clock = new FastClock(Instant.parse(args[4]), Integer.parseInt(args[5]));
    var service =
        new CrashingService(
            URI.create(args[0]), args[1], Path.of(args[2]), new TenantId(args[3]), clock);
    for (var i = 0; i < THREADS; i++) {
      Thread.ofPlatform().start(service::serve);
    }
  }

  private Handler filterChain(Router router, RequestMeter meter) {
    return Filter.chain(
        List.of(
            new SelectRoute(router),
            new MeterResponses(),
            new ProblemDetailsFilter("orders", () -> "0"),
            CrashingService::bind,
            new MeterRequests(meter)),
        router.dispatchHandler());
  }

  private static Response bind(Request request, Handler next) {
    var known = request.withSubject("mason");
    return TenantContext.call(
        MeteringFixture.tenant(CURRENT_REQUEST.get().tenant()), () -> next.handle(known));
  }

  /** Returns the current time. The flusher reads the clock exactly when each flush starts. */
  private Instant now() {
    if (CURRENT_REQUEST.isBound()) {
      return CURRENT_REQUEST.get().now();
    }
    if (Thread.currentThread().getName().equals("usage-flush")) {
      witness.recordFlush();
    }
    return clock.instant();
  }

  private void serve() {
    var random = new Random();
    while (true) {
      var tenant =
          random.nextBoolean() ? ownTenant : new TenantId("shared-" + random.nextInt(TENANTS));
      var current = new CurrentRequest(requestNumbers.incrementAndGet(), tenant, clock.instant());
      // The process's own tenant only reads: otherwise each of its hours with orders would remain
      // uncounted.
      var placesOrder = !tenant.equals(ownTenant) && random.nextInt(3) > 0;
      ScopedValue.where(CURRENT_REQUEST, current)
          .run(() -> serve(current, placesOrder ? ORDER : new byte[0]));
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void serve(CurrentRequest current, byte[] body) {
    var method = body.length == 0 ? "GET" : "POST";
    var target = new RequestTarget("/orders", List.of("orders"), Map.of());
    var headers = Headers.NONE.with("Content-Type", "application/json");
    recordAttempt(current, KernelMeter.REQUESTS, 1);
    recordAttempt(current, KernelMeter.BYTES_IN, body.length);
    var response = filterChain.handle(Request.of(method, target, headers, Body.of(body)));
    var bytes = response.body().length;
    recordAttempt(current, KernelMeter.BYTES_OUT, bytes);
    response
        .listeners()
        .forEach(listener -> listener.accept(new Response.SendResult(bytes, Duration.ZERO, true)));
    response
        .headers()
        .first("Location")
        .ifPresent(location ->
            witness.recordOrder(current.tenant(), location.substring("/orders/".length())));
    witness.recordDone(current.number());
  }

  private void recordAttempt(CurrentRequest current, UsageMeter measure, long steps) {
    witness.recordAttempt(current.number(), current.slot(), measure, steps);
  }

  /**
   * Records capacity. Capacity consumed outside a request must not appear in the ledger, since no
   * tenant pays for it.
   */
  private ExecutionInterceptor capacity(RequestMeter meter) {
    return new CapacityInterceptor((reads, writes) -> {
      if (CURRENT_REQUEST.isBound()) {
        recordAttempt(CURRENT_REQUEST.get(), KernelMeter.READ_UNITS, reads);
        recordAttempt(CURRENT_REQUEST.get(), KernelMeter.WRITE_UNITS, writes);
      }
      meter.consumed(reads, writes);
    });
  }

  /** Records every call to the ledger, and leaves time for a kill before and after it. */
  private final class LedgerCallRecorder implements ExecutionInterceptor {
    private static final Duration DELAY = Duration.ofMillis(2);

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      witness.print("ledger before " + context.request().getClass().getSimpleName());
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
      witness.print("ledger after " + context.request().getClass().getSimpleName());
      LockSupport.parkNanos(DELAY.toNanos());
    }
  }
}
