package dev.partywall.isolation;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** An executor that runs tasks immediately, or queues them until the test releases them. */
final class Background implements Executor {
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  volatile boolean held;

  @Override
  public void execute(Runnable work) {
    if (held) {
      waiting.add(work);
    } else {
      work.run();
    }
  }

  int waiting() {
    return waiting.size();
  }

  void catchUp() {
    for (var work = waiting.poll(); work != null; work = waiting.poll()) {
      work.run();
    }
  }
}
