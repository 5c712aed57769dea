package dev.partywall.operations.offboarding;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Hooks that interrupt the owner of an operation at one of its writes. */
final class InterruptedWrites {
  private InterruptedWrites() {}

  /** Counts the writes of an instance, and interrupts the one with a number. */
  abstract static class InterruptAt implements WriteHook {
    private final int number;
    private int writes;

    InterruptAt(int number) {
      this.number = number;
    }

    @Override
    public Object around(Supplier<Object> call) {
      writes++;
      return writes == number ? interrupt(call) : call.get();
    }

    abstract Object interrupt(Supplier<Object> call);

    int writes() {
      return writes;
    }

    boolean isReached() {
      return writes >= number;
    }
  }

  /** The response to a write is lost, and so are those of its repetitions. */
  static final class LoseResponse extends InterruptAt {
    LoseResponse(int number) {
      super(number);
    }

    @Override
    Object interrupt(Supplier<Object> call) {
      var _ = call.get();
      throw new ApiException(new ApiError.Unavailable("lost", Duration.ofSeconds(1)));
    }
  }

  /** The process is stopped before a write, and continues later. */
  static class PauseBefore extends InterruptAt {
    private final CountDownLatch paused = new CountDownLatch(1);
    private final CountDownLatch continued = new CountDownLatch(1);

    PauseBefore(int number) {
      super(number);
    }

    /** Lets the process continue. */
    void release() {
      continued.countDown();
    }

    /** Waits for the pause, or for the end of the work. Returns whether the write is reached. */
    boolean await(CompletableFuture<Void> running) {
      CompletableFuture.anyOf(
              running, CompletableFuture.runAsync(this::awaitPause, Thread::startVirtualThread))
          .join();
      return isReached();
    }

    private void awaitPause() {
      try {
        paused.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    Object interrupt(Supplier<Object> call) {
      paused.countDown();
      try {
        continued.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return call.get();
    }
  }

  /** The process has ended. */
  static final class EndOfOwner extends Error {
    private static final long serialVersionUID = 1;
  }

  /** The process ends before a write. */
  static final class EndBefore extends InterruptAt {
    EndBefore(int number) {
      super(number);
    }

    @Override
    Object interrupt(Supplier<Object> call) {
      throw new EndOfOwner();
    }
  }

  /** The process is stopped before a write, continues later, and ends right after the write. */
  static final class EndAfterPause extends PauseBefore {
    EndAfterPause(int number) {
      super(number);
    }

    @Override
    Object interrupt(Supplier<Object> call) {
      var _ = super.interrupt(call);
      throw new EndOfOwner();
    }
  }
}
