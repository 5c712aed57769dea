package dev.partywall.tenancy.admission;

import dev.partywall.concurrent.Watchdog;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.admission.FairOrder.Share;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The service's own limit of concurrent requests, as a weighted fair queue over the active tenants.
 * The shared resource is busy time: the time for which a request runs with a permit. A request in
 * flight is charged the average of its tenant's requests, which is corrected at its end. A tenant
 * cannot take all permits, even with requests that take seconds ({@link FairOrder#mayStart}).
 *
 * <p>A request waits without a time limit of its own, because a timed wait of a virtual thread
 * costs as much as a response. A watchdog rejects the requests that wait too long.
 */
public final class FairQueue {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final int WEIGHT_OF_PAST = 8;

  private final Bounds bounds;
  private final Watchdog watchdog;
  private final LongSupplier nanoTime;
  private final AdaptiveLimit limit;
  private final FairOrder<Waiter> order = new FairOrder<>();
  private double averageNanos = 1e6; // of the first request

  /**
   * The bounds of a queue.
   *
   * @param minInFlight the lowest limit of concurrent requests. The limit follows the latency of
   *     the backends
   * @param maxInFlight the highest limit of concurrent requests
   * @param maxQueued the maximum number of waiting requests
   * @param maxQueuedPerTenant the maximum number of waiting requests of a tenant
   */
  public record Bounds(int minInFlight, int maxInFlight, int maxQueued, int maxQueuedPerTenant) {
    /** Rejects limits below one, and a lowest limit above the highest. */
    public Bounds {
      if (minInFlight < 1 || maxInFlight < minInFlight) {
        throw new IllegalArgumentException(
            "limits must be positive: %d to %d in flight".formatted(minInFlight, maxInFlight));
      }
    }
  }

  /**
   * Creates an empty queue.
   *
   * @param watchdog ends the waiting; its limit is the longest wait
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public FairQueue(Bounds bounds, Watchdog watchdog, LongSupplier nanoTime) {
    this.bounds = bounds;
    this.watchdog = watchdog;
    this.nanoTime = nanoTime;
    this.limit =
        new AdaptiveLimit(bounds.minInFlight(), bounds.maxInFlight(), nanoTime.getAsLong());
  }

  /** Returns the number of requests in flight. */
  public synchronized int inFlight() {
    return order.inFlight();
  }

  /** Returns the number of requests that wait for a permit. */
  public synchronized int queued() {
    return order.queued();
  }

  /** Returns the present limit of concurrent requests. */
  public synchronized int limit() {
    return limit.value();
  }

  /**
   * Waits for a permit.
   *
   * @throws ApiException as {@link ApiError.AtCapacity} if the queue is full, the wait is too long,
   *     or the thread is interrupted. An interrupt stays pending
   */
  Permit acquire(TenantId tenant, int weight) {
    Waiter waiter;
    synchronized (this) {
      var share = order.activate(tenant, weight, averageNanos);
      if (share.queued() == 0 && order.mayStart(share, order.freePermits(limit.value()))) {
        return grant(share);
      }
      limit.waiting();
      waiter = enqueue(share);
    }
    return waiter.await();
  }

  private Permit grant(Share<Waiter> share) {
    var permit = new Permit(share, share.averageNanos(), nanoTime.getAsLong());
    order.start(share, permit.charged);
    limit.started(order.inFlight());
    return permit;
  }

  private Waiter enqueue(Share<Waiter> share) {
    if (share.queued() >= bounds.maxQueuedPerTenant() || !hasRoom(share)) {
      order.settle(share);
      throw atCapacity();
    }
    var waiter = new Waiter(share, Thread.currentThread());
    order.enqueue(share, waiter);
    return waiter;
  }

  /**
   * In a full queue, a request takes the place of the last one. Otherwise, many tenants together
   * could fill the queue and exclude the others.
   */
  private boolean hasRoom(Share<Waiter> share) {
    if (order.queued() >= bounds.maxQueued() && order.isBeforeLast(share)) {
      order.last().reject();
    }
    return order.queued() < bounds.maxQueued();
  }

  private void dispatch() {
    var next = order.next(limit.value());
    while (next != null) {
      order.remove(next.share, next);
      next.complete(grant(next.share));
      next = order.next(limit.value());
    }
  }

  private static ApiException atCapacity() {
    return new ApiException(new ApiError.AtCapacity(RETRY_AFTER));
  }

  /** The permit of a request in flight. */
  final class Permit {
    private final Share<Waiter> share;
    private final double charged;
    private final long granted;
    private long start;

    private Permit(Share<Waiter> share, double charged, long granted) {
      this.share = share;
      this.charged = charged;
      this.granted = granted;
      this.start = granted;
    }

    /**
     * Starts the busy time, in the thread of the request. On busy processors, a thread that has
     * waited runs milliseconds after its grant. Requests of a millisecond would otherwise be
     * charged a multiple of the time that they use.
     */
    private void begin() {
      start = nanoTime.getAsLong();
    }

    /** Ends the request. */
    void end() {
      synchronized (FairQueue.this) {
        var now = nanoTime.getAsLong();
        var busy = now - start;
        share.average(busy, WEIGHT_OF_PAST);
        averageNanos += (busy - averageNanos) / WEIGHT_OF_PAST;
        limit.ended(now - granted, now); // the wait for a processor is a part of the latency
        release(busy);
      }
    }

    /** Gives the permit back while the request waits for its body. */
    void suspend() {
      synchronized (FairQueue.this) {
        release(nanoTime.getAsLong() - start);
      }
    }

    private void release(long busyNanos) {
      order.end(share, busyNanos - charged);
      order.settle(share);
      dispatch();
    }
  }

  /** A request that waits for a permit, in its own thread. */
  private final class Waiter extends Watchdog.Operation {
    private final Share<Waiter> share;
    private final Thread thread;
    private volatile @Nullable Permit permit;
    private volatile boolean rejected;

    Waiter(Share<Waiter> share, Thread thread) {
      this.share = share;
      this.thread = thread;
    }

    Permit await() {
      watchdog.add(this);
      while (permit == null && !rejected && !thread.isInterrupted()) {
        LockSupport.park(this);
      }
      watchdog.remove(this);
      reject(); // has an effect only after an interrupt
      var granted = permit;
      if (granted == null) {
        throw atCapacity();
      }
      granted.begin();
      return granted;
    }

    /** The caller has the lock of the queue. */
    void complete(Permit granted) {
      permit = granted;
      LockSupport.unpark(thread);
    }

    @Override
    protected void expire() {
      reject();
    }

    /** Rejects the request if it still waits. */
    void reject() {
      synchronized (FairQueue.this) {
        if (permit == null && !rejected) {
          rejected = true;
          order.remove(share, this);
          order.settle(share);
          LockSupport.unpark(thread);
        }
      }
    }
  }
}
