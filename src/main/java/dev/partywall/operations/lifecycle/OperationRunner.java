package dev.partywall.operations.lifecycle;

import dev.partywall.concurrent.OutOfMemory;
import dev.partywall.concurrent.Periodic;
import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.operations.lifecycle.OperationSteps.Step;
import dev.partywall.operations.lifecycle.OwnedOperation.Sources;
import dev.partywall.tenancy.Execution;
import dev.partywall.tenancy.Identity;
import dev.partywall.tenancy.OperationKind;
import dev.partywall.tenancy.Tenant;
import dev.partywall.tenancy.TenantId;
import dev.partywall.tenancy.TenantRecord;
import dev.partywall.tenancy.registry.Operation;
import dev.partywall.tenancy.registry.OperationStore;
import dev.partywall.tenancy.registry.TenantRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the operations that have no live owner. Each operation runs on a thread of its own. An
 * operation has no live owner if it is free, or if its lease was unchanged for 30 s of this
 * instance's monotonic clock.
 */
public final class OperationRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** With more than 200 operations, a search is rarer: it reads all of them. */
  private static final Duration INTERVAL_PER_OPERATION = Duration.ofMillis(10);

  private static final Duration MAX_INTERVAL = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

  /**
   * The longest wait for a page at the end. A page can outlast it if a dependency does not answer.
   */
  private static final Duration MAX_STEP = Duration.ofSeconds(3);

  private static final String UNAVAILABLE = "A dependency is unavailable.";
  private static final String FAILED = "A step has failed. The log has the cause.";
  private static final Set<String> FAILURES = Set.of(UNAVAILABLE, FAILED);

  private final OperationStore store;
  private final TenantRegistry registry;
  private final Map<OperationKind, OperationSteps> steps;
  private final Supplier<Execution> executions;
  private final Sources sources;
  private final ObservedLeases observed;

  /** The threads of the operations that this instance executes; guarded by itself. */
  private final Map<TenantId, Thread> running = new HashMap<>();

  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile @Nullable Periodic passes;

  /**
   * Creates a runner that is not started.
   *
   * @param executions opens the execution of a step
   * @param leases returns random values
   * @param nanoTime a monotonic clock in nanoseconds
   */
  public OperationRunner(
      OperationStore store,
      TenantRegistry registry,
      List<OperationSteps> steps,
      Supplier<Execution> executions,
      Supplier<String> leases,
      LongSupplier nanoTime) {
    this.store = store;
    this.registry = registry;
    this.steps =
        steps.stream().collect(Collectors.toMap(OperationSteps::kind, Function.identity()));
    this.executions = executions;
    this.sources = new Sources(leases, nanoTime, this::isStopping);
    this.observed = new ObservedLeases(nanoTime);
  }

  /** Starts to execute operations. Does not wait for the first one. */
  public OperationRunner start() {
    passes = Periodic.startNow(LOG, "operations", () -> interval(observed.count()), this::pass);
    return this;
  }

  /** Starts an operation of this instance at once, if it is due. */
  public void start(Operation operation) {
    takeOver(operation);
  }

  /** Returns the steps of a kind of operation; empty if this instance does not execute the kind. */
  private Optional<OperationSteps> steps(OperationKind kind) {
    return Optional.ofNullable(steps.get(kind));
  }

  /** Returns the steps that continue a cancelled operation; empty if this instance has none. */
  Optional<CancellableSteps> cancellableSteps(OperationKind kind) {
    return steps(kind).filter(CancellableSteps.class::isInstance).map(CancellableSteps.class::cast);
  }

  /**
   * Takes over all operations without a live owner. The search can return an outdated operation, so
   * each one is read again before. One thread at a time calls it.
   */
  void pass() {
    var operations = store.all();
    observed.retain(operations);
    for (var operation : operations) {
      if (observed.isWithoutOwner(operation) && isExecutable(operation)) {
        store
            .find(operation.tenant())
            .filter(current -> isSameOwner(current, operation))
            .ifPresent(this::takeOver);
      }
    }
  }

  private static boolean isSameOwner(Operation current, Operation found) {
    return current.id().equals(found.id()) && current.ownership().equals(found.ownership());
  }

  /** Returns the pause after a search that has found this number of operations. */
  static Duration interval(int operations) {
    var wanted = INTERVAL_PER_OPERATION.multipliedBy(operations);
    var limited = wanted.compareTo(MAX_INTERVAL) < 0 ? wanted : MAX_INTERVAL;
    return limited.compareTo(INTERVAL) < 0 ? INTERVAL : limited;
  }

  private boolean isStopping() {
    return stop.getCount() == 0;
  }

  private boolean isExecutable(Operation operation) {
    return steps(operation.kind()).filter(known -> known.isDue(operation)).isPresent();
  }

  private void takeOver(Operation operation) {
    if (!isExecutable(operation)) {
      return;
    }
    synchronized (running) {
      if (!isStopping()) {
        running.computeIfAbsent(operation.tenant(), _ -> run(operation));
      }
    }
  }

  /** Starts the thread of an operation that this instance can execute. */
  private Thread run(Operation operation) {
    var known = steps(operation.kind()).orElseThrow();
    return Thread.ofVirtual()
        .name("operation-" + operation.tenant())
        .start(() -> runUntilEnd(operation, known));
  }

  private void runUntilEnd(Operation operation, OperationSteps known) {
    try {
      run(operation, known);
    } catch (OwnershipLostException _) {
      LOG.info(
          "Operation {} of {} has another owner", operation.kind().label(), operation.tenant());
    } catch (RuntimeException | Error e) {
      OutOfMemory.exitIfCauseOf(e);
      LOG.error("Operation {} of {} failed", operation.kind().label(), operation.tenant(), e);
    } finally {
      synchronized (running) {
        running.remove(operation.tenant());
      }
    }
  }

  private void run(Operation operation, OperationSteps known) {
    var tenant = tenant(operation.tenant());
    var obstacle = known.obstacle(operation, tenant);
    if (obstacle.isPresent()) {
      show(obstacle, operation);
      return;
    }
    var owned = OwnedOperation.takeOver(store, tenant, operation, sources);
    while (!isStopping()) {
      owned = owned.with(tenant(operation.tenant()));
      owned.requireCurrent();
      obstacle = known.obstacle(owned.operation(), owned.tenant());
      if (obstacle.isPresent()) {
        owned.release(obstacle.get());
        return;
      }
      var step = execute(owned, known);
      if (step == Step.ENDED) {
        return;
      }
      if (step == Step.WAIT || step == Step.REPEAT) {
        pause(step == Step.WAIT ? PAUSE : PAUSE_AFTER_FAILURE);
      }
      owned.renew();
    }
    owned.release(); // this instance ends: the next one need not wait for the end of the lease
  }

  /** Stores why this instance does not take the operation over. It remains without an owner. */
  private void show(Optional<String> obstacle, Operation operation) {
    if (!operation.progress().reason().equals(obstacle)) {
      // An instance that takes the operation over meanwhile changes its ownership.
      var _ = store.update(operation, operation.free().withReason(obstacle));
    }
  }

  private TenantRecord tenant(TenantId id) {
    return registry
        .find(id)
        .orElseThrow(() -> new IllegalStateException("the tenant of an operation is missing"));
  }

  private Step execute(OwnedOperation owned, OperationSteps known) {
    var execution = executions.get();
    execution.setIdentity(new Identity.Operator(owned.operation().requestedBy(), Set.of()));
    try {
      var step =
          execution.call(
              () -> execution.callForTenant(new Tenant(owned.tenant()), () -> known.step(owned)));
      clearFailure(owned, step);
      return step;
    } catch (OwnershipLostException e) {
      throw e;
    } catch (InstanceStoppingException _) {
      return Step.CONTINUE;
    } catch (RuntimeException e) {
      owned.save(owned.operation().withReason(Optional.of(reason(e))));
      LOG.warn("Step of operation {} failed, and is repeated", owned.operation().kind().label(), e);
      pause(PAUSE_AFTER_FAILURE);
      return Step.CONTINUE;
    }
  }

  /** A step that succeeds ends the reason of its earlier failure. */
  private static void clearFailure(OwnedOperation owned, Step step) {
    var reason = owned.operation().progress().reason();
    if (step != Step.ENDED && reason.filter(FAILURES::contains).isPresent()) {
      owned.save(owned.operation().withReason(Optional.empty()));
    }
  }

  private static String reason(RuntimeException e) {
    return e instanceof ApiException api && api.error() instanceof ApiError.Unavailable
        ? UNAVAILABLE
        : FAILED;
  }

  private void pause(Duration pause) {
    try {
      var _ = stop.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts no further step, and waits for the steps in progress, which end before their next page.
   * The operations continue on another instance, or after a restart.
   */
  @Override
  public void close() {
    List<Thread> inProgress;
    synchronized (running) {
      stop.countDown();
      inProgress = List.copyOf(running.values());
    }
    var searching = passes;
    if (searching != null) {
      searching.stop(); // a pass in progress starts no operation any more
    }
    var deadline = System.nanoTime() + MAX_STEP.toNanos();
    try {
      for (var thread : inProgress) {
        var _ = thread.join(Duration.ofNanos(deadline - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
