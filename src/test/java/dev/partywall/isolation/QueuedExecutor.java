package dev.partywall.isolation;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** An executor that runs tasks immediately, or queues them until the test releases them. */
final class QueuedExecutor implements Executor {
  private final ConcurrentLinkedQueue<Runnable> queued = new ConcurrentLinkedQueue<>();
  volatile boolean paused;

  @Override
  public void execute(Runnable work) {
    if (paused) {
      queued.add(work);
    } else {
      work.run();
    }
  }

  int queued() {
    return queued.size();
  }

  void runQueued() {
    for (var work = queued.poll(); work != null; work = queued.poll()) {
      work.run();
    }
  }
}
