package dev.partywall.metering;

import dev.partywall.http.Route;
import dev.partywall.storage.MarkListener;
import dev.partywall.storage.Marks;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metering as one thing: what it is made of, and the threads that drive it. */
public final class Metering implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Metering.class);

  /** A disk that has not taken the last usage by then hangs. */
  static final Duration FLUSHED_WITHIN = Duration.ofSeconds(5);

  /** Of about 1 kB each. As long as the journal can be written it never comes so far. */
  private static final int MOST_TALLIES = 200_000;

  /**
   * How often what is done.
   *
   * @param flush usage goes to the journal: what came since then is lost at a crash
   * @param ship the journal goes to the ledger, and orders are counted
   * @param close hours that are over are counted a last time
   */
  public record Intervals(Duration flush, Duration ship, Duration close) {
    /**
     * Loses a second at most, as long as the disk takes an append within 200 ms; and shows an
     * answer's usage within 10 s.
     */
    public static final Intervals DEFAULT =
        new Intervals(Duration.ofMillis(800), Duration.ofSeconds(4), Duration.ofMinutes(1));
  }

  /**
   * Where time and names come from.
   *
   * @param clock says which hour it is
   * @param nanoTime says how long a thing took, and never goes back
   * @param ids that nobody else draws
   */
  public record Sources(InstantSource clock, LongSupplier nanoTime, Supplier<UUID> ids) {
    /** The machine's. */
    public static final Sources SYSTEM =
        new Sources(InstantSource.system(), System::nanoTime, UUID::randomUUID);
  }

  private final Ledger ledger;
  private final Sources sources;
  private final Journal journal;
  private final Duration flushedWithin;
  private final Meter meter;
  private final Flusher flusher;
  private final Shipper shipper;
  private final OrdersPlaced orders;
  private final Trouble counting = new Trouble("orders placed can't be counted");
  private final Trouble catchingUp = new Trouble("orders of an earlier run can't be counted");
  private final Trouble closing = new Trouble("hours that are over can't be closed");
  private final List<Ticker> toJournal = new ArrayList<>();
  private final List<Ticker> toLedger = new ArrayList<>();
  private Runnable lastCount = () -> {};

  Metering(Journal journal, Ledger ledger, Sources sources, Duration flushedWithin) {
    var tallies = new Tallies(sources.clock(), MOST_TALLIES);
    this.ledger = ledger;
    this.sources = sources;
    this.journal = journal;
    this.flushedWithin = flushedWithin;
    this.meter = new Meter(tallies, sources.nanoTime());
    this.flusher = new Flusher(tallies, journal);
    this.shipper = new Shipper(journal, ledger, sources.clock());
    this.orders = new OrdersPlaced(new OpenHours(ledger), sources.ids(), sources.nanoTime());
  }

  /**
   * Metering with its journal in that folder. It meters from now on, and brings it to journal and
   * ledger once it is started.
   *
   * @throws JournalUnusable when the folder can't be used; the message says why
   */
  public static Metering open(Path folder, Ledger ledger, Sources sources) throws JournalUnusable {
    var journal = Journal.open(folder, sources.ids(), sources.clock());
    return new Metering(journal, ledger, sources, FLUSHED_WITHIN);
  }

  /** The two doors, and what is to be told of consumed capacity. */
  public Meter meter() {
    return meter;
  }

  /** What is to be told before an order is placed. */
  public MarkListener marks() {
    return orders;
  }

  /** {@code GET /usage}. */
  public Route route(Optional<Prices> prices) {
    return new UsageRoute(ledger, sources.clock(), prices).route();
  }

  /**
   * Drives it.
   *
   * @param tenants whom to bind, to count a tenant's orders
   */
  public void start(Marks marks, Function<TenantId, Tenant> tenants, Intervals intervals) {
    var counts = new OrderCounts(marks, ledger, tenants);
    var open = new OpenHours(ledger);
    var hours = new ClosingHours(open, counts, sources.clock(), sources.nanoTime());
    lastCount = () -> counting.in(() -> orders.count(counts));
    Runnable count =
        () -> {
          catchingUp.in(hours::catchUp);
          lastCount.run();
        };
    toJournal.add(new Ticker("usage-flush", intervals.flush(), flusher::flush));
    toLedger.add(new Ticker("usage-ship", intervals.ship(), shipper::ship));
    toLedger.add(new Ticker("orders-count", intervals.ship(), count));
    toLedger.add(new Ticker("hours-close", intervals.close(), () -> closing.in(hours::close)));
  }

  /** How it is. */
  public UsageStatus status() {
    var problems = new ArrayList<>(shipper.problems());
    Stream.of(
            flusher.problem(),
            journal.problem(),
            catchingUp.problem(),
            counting.problem(),
            closing.problem())
        .flatMap(Optional::stream)
        .forEach(problems::add);
    var backlog = journal.backlog();
    return new UsageStatus(problems, shipper.lastShipped(), backlog.segments(), backlog.bytes());
  }

  /** The same, where there is time: the ledger has a minute. */
  @Override
  public void close() {
    close(Duration.ofMinutes(1));
  }

  /**
   * Brings all that has been metered to the journal, however short patience is; and to the ledger,
   * unless that is away or patience runs out. What is left is shipped after the next start.
   *
   * @return whether all is in the journal at least: a disk that is full or hangs may not have taken
   *     it
   */
  public boolean close(Duration patience) {
    toLedger.forEach(Ticker::stop);
    var flushed = within("usage-flush-last", this::flushRest, flushedWithin);
    if (!flushed) {
      LOG.error("the disk did not take the last usage: what is not in the journal is lost");
    }
    if (!within("usage-ship-last", this::shipRest, patience)) {
      LOG.warn("the ledger did not take all usage in time; the next start ships the rest");
    }
    shipper.stop();
    // Whoever waits for a disk that hangs holds the journal; its lock goes with the process.
    return within("usage-close", this::closeJournal, flushedWithin) && flushed;
  }

  /** On a thread that can be left behind: to interrupt it would be to cut a call in two. */
  private static boolean within(String name, BooleanSupplier work, Duration patience) {
    var done = new AtomicBoolean();
    var thread = Thread.ofPlatform().daemon().name(name).start(() -> done.set(work.getAsBoolean()));
    try {
      return thread.join(patience) && done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean flushRest() {
    toJournal.forEach(Ticker::close);
    return flusher.flush();
  }

  private boolean closeJournal() {
    try {
      journal.close();
      return true;
    } catch (IOException e) {
      LOG.error("the journal did not close", e);
      return false;
    }
  }

  private boolean shipRest() {
    toLedger.forEach(Ticker::close);
    if (!shipper.isAway()) {
      shipper.ship();
      lastCount.run();
    }
    return true;
  }
}
