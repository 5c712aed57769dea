package dev.partywall.metering;

import dev.partywall.http.Body;
import dev.partywall.http.Filter;
import dev.partywall.http.Handler;
import dev.partywall.http.Headers;
import dev.partywall.http.Problems;
import dev.partywall.http.Request;
import dev.partywall.http.Response;
import dev.partywall.http.Target;
import dev.partywall.storage.Marks;
import dev.partywall.storage.TenantTable;
import dev.partywall.tenancy.Placements;
import dev.partywall.tenancy.TenantContext;
import dev.partywall.tenancy.TenantId;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A service in a process of its own that is killed at any moment. It meters requests and places
 * orders for as long as it lives, and says on its output what it owes by now: {@code order
 * <tenant>} once an order was acknowledged, {@code begun <n>} before the n-th other request is
 * metered, and {@code flushed <n>} once the first n of them are in the journal.
 */
final class CrashingService {
  static final int TENANTS = 5;

  private static final Duration SHIP = Duration.ofMillis(50);

  private static final Duration PACE = Duration.ofMillis(5);

  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final TenantId own;
  private final Handler corridor;
  private final TenantTable orders;

  private CrashingService(TenantId own, Handler corridor, TenantTable orders) {
    this.own = own;
    this.corridor = corridor;
    this.orders = orders;
  }

  /** Endpoint, table prefix, the journal's folder, and a tenant that no other process serves. */
  static void main(String[] args) throws JournalUnusable {
    var clock = InstantSource.system();
    var client = Books.client(URI.create(args[0]));
    var ledger = new Ledger(client, args[1], clock, new SecureRandom());
    var journal = Journal.open(Path.of(args[2]), UUID::randomUUID, clock);
    var tallies = new Tallies(clock, 1000);
    var open = new OpenHours(ledger);
    var placed = new OrdersPlaced(open, UUID::randomUUID, System::nanoTime);
    var meter = new Meter(tallies, System::nanoTime);
    var pool = Placements.pool(args[1]);
    var orders = new TenantTable(client, pool, clock, new SecureRandom(), placed);
    var service = new CrashingService(new TenantId(args[3]), corridor(meter), orders);
    var counts = new OrderCounts(new Marks(client, pool), ledger, Books::tenant);
    var shipper = new Shipper(journal, ledger, clock);
    var flusher = new Flusher(tallies, journal);
    new Ticker("flush", Duration.ofMillis(10), () -> service.flush(flusher));
    new Ticker("ship", SHIP, shipper::ship);
    new Ticker("count", SHIP, () -> placed.count(counts));
    new Ticker("orders", Duration.ofNanos(1), service::place);
    service.serve();
  }

  private static Handler corridor(Meter meter) {
    return Filter.corridor(
        List.of(meter.answers(), new Problems(() -> "0"), meter.requests()),
        _ -> Response.json(200, "{}"));
  }

  private void serve() {
    while (true) {
      say("begun " + begun.incrementAndGet());
      var request = Request.of("GET", Target.ROOT, Headers.NONE, Body.NONE);
      var response = TenantContext.call(Books.tenant(own), () -> corridor.handle(request));
      response.listeners().forEach(it -> it.accept(new Response.Sent(2, Duration.ZERO, true)));
      done.incrementAndGet();
      LockSupport.parkNanos(PACE.toNanos());
    }
  }

  private void place() {
    var tenant = new TenantId("shared-" + begun.get() % TENANTS);
    Books.place(orders, tenant);
    say("order " + tenant);
  }

  private void flush(Flusher flusher) {
    var before = done.get();
    flusher.flush();
    say("flushed " + before);
  }

  private static void say(String line) {
    System.out.print(line + "\n");
    System.out.flush();
  }
}
