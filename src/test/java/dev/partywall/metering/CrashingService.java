package dev.partywall.metering;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Principal;
import dev.partywall.http.Problems;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Router;
import dev.partywall.http.Target;
import dev.partywall.orders.OrderRoutes;
import dev.partywall.storage.CapacityInterceptor;
import dev.partywall.storage.Marks;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * A service in a process of its own that is killed at any moment. It has the product's metering,
 * threads and all, and serves the product's orders for as long as it lives, behind those doors of
 * the corridor that have to do with it. A {@link Witness} says what it does.
 */
final class CrashingService {
  static final int TENANTS = 5;

  private static final int THREADS = 2;
  private static final Duration SHIP = Duration.ofMillis(50);
  private static final Duration CLOSE = Duration.ofMillis(100);
  private static final Duration PACE = Duration.ofMillis(4);

  /** The request that is being served. It comes in at one moment, which is its time for good. */
  private static final ScopedValue<Turn> TURN = ScopedValue.newInstance();

  private static final byte[] ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Witness witness = new Witness();
  private final AtomicLong numbers = new AtomicLong();
  private final TenantId own;
  private final FastClock clock;
  private final Handler corridor;

  private record Turn(long number, TenantId tenant, Instant now) {
    Usage.Slot slot() {
      return new Usage.Slot(tenant, Usage.startOf(now));
    }
  }

  private CrashingService(URI dynamo, String prefix, Path folder, TenantId own, FastClock clock)
      throws JournalUnusable {
    this.own = own;
    this.clock = clock;
    witness.say("starts");
    var random = new SecureRandom();
    var ledger = new Ledger(Books.client(dynamo, List.of(new Told())), prefix, clock, random);
    var sources = new Metering.Sources(this::now, System::nanoTime, UUID::randomUUID);
    var journal = Journal.open(folder, UUID::randomUUID, clock);
    witness.say("has its journal");
    var metering = new Metering(journal, ledger, sources, Metering.FLUSHED_WITHIN);
    var pool = Placements.pool(prefix);
    var client = Books.client(dynamo, List.of(capacity(metering.meter())));
    var table = new TenantTable(client, pool, sources.clock(), random, metering.marks());
    var router = new Router(OrderRoutes.of(table, sources.clock(), random));
    corridor = corridor(router, metering.meter());
    var flush = Duration.ofMillis(Integer.getInteger("flush"));
    metering.start(
        new Marks(client, pool), Books::tenant, new Metering.Intervals(flush, SHIP, CLOSE));
    witness.say("serves");
  }

  /** Endpoint, table prefix, the journal's folder, a tenant of nobody else's, and a clock. */
  static void main(String[] args) throws JournalUnusable {
    var clock = new FastClock(Instant.parse(args[4]), Integer.parseInt(args[5]));
    var service =
        new CrashingService(
            URI.create(args[0]), args[1], Path.of(args[2]), new TenantId(args[3]), clock);
    for (var i = 0; i < THREADS; i++) {
      Thread.ofPlatform().start(service::serve);
    }
  }

  private Handler corridor(Router router, Meter meter) {
    return Filter.corridor(
        List.of(
            router.locating(),
            meter.answers(),
            new Problems(() -> "0"),
            CrashingService::bind,
            meter.requests()),
        router.dispatching());
  }

  private static Response bind(Request request, Handler next) {
    var known = request.with(new Principal("mason", Set.of()));
    return TenantContext.call(Books.tenant(TURN.get().tenant()), () -> next.handle(known));
  }

  /** The flusher looks at the clock once, as each flush begins. */
  private Instant now() {
    if (TURN.isBound()) {
      return TURN.get().now();
    }
    if (Thread.currentThread().getName().equals("usage-flush")) {
      witness.flushes();
    }
    return clock.instant();
  }

  private void serve() {
    var random = new Random();
    while (true) {
      var tenant = random.nextBoolean() ? own : new TenantId("shared-" + random.nextInt(TENANTS));
      var turn = new Turn(numbers.incrementAndGet(), tenant, clock.instant());
      // Tenants that nobody else serves only read: each hour with orders would stay to be counted.
      var places = !tenant.equals(own) && random.nextInt(3) > 0;
      ScopedValue.where(TURN, turn).run(() -> serve(turn, places ? ORDER : new byte[0]));
      LockSupport.parkNanos(PACE.toNanos());
    }
  }

  private void serve(Turn turn, byte[] body) {
    var method = body.length == 0 ? "GET" : "POST";
    var target = new Target("/orders", List.of("orders"), Map.of());
    var headers = Headers.NONE.with("Content-Type", "application/json");
    may(turn, Measure.REQUESTS, 1);
    may(turn, Measure.BYTES_IN, body.length);
    var response = corridor.handle(Request.of(method, target, headers, Body.of(body)));
    var bytes = response.body().length;
    may(turn, Measure.BYTES_OUT, bytes);
    response.listeners().forEach(it -> it.accept(new Response.Sent(bytes, Duration.ZERO, true)));
    response
        .headers()
        .first("Location")
        .ifPresent(it -> witness.order(turn.tenant(), it.substring("/orders/".length())));
    witness.done(turn.number());
  }

  private void may(Turn turn, Measure measure, long steps) {
    witness.may(turn.number(), turn.slot(), measure, steps);
  }

  /** Nobody pays for what is consumed outside of a request: it may not be in the ledger. */
  private ExecutionInterceptor capacity(Meter meter) {
    return new CapacityInterceptor((reads, writes) -> {
      if (TURN.isBound()) {
        may(TURN.get(), Measure.READ_UNITS, reads);
        may(TURN.get(), Measure.WRITE_UNITS, writes);
      }
      meter.consumed(reads, writes);
    });
  }

  /** Tells of every call to the ledger, and gives others time to kill it before and after. */
  private final class Told implements ExecutionInterceptor {
    private static final Duration TIME = Duration.ofMillis(2);

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      witness.say("ledger before " + context.request().getClass().getSimpleName());
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
      witness.say("ledger after " + context.request().getClass().getSimpleName());
      LockSupport.parkNanos(TIME.toNanos());
    }
  }
}
