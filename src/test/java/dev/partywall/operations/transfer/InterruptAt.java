package dev.partywall.operations.transfer;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.operations.offboarding.WriteHook;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts the writes of an instance, and interrupts the one with a number. */
final class InterruptAt implements WriteHook {
  private final int number;
  private final Supplier<@Nullable Supplier<Object>> interrupt;
  private int writes;

  /**
   * Creates a hook.
   *
   * @param interrupt is called before the write; its result, if any, is called after it
   */
  InterruptAt(int number, Supplier<@Nullable Supplier<Object>> interrupt) {
    this.number = number;
    this.interrupt = interrupt;
  }

  /** Ends the process after a write, before it has received the response. */
  static InterruptAt kill(int number) {
    return new InterruptAt(number, () -> InterruptAt::ended);
  }

  private static Object ended() {
    throw new ApiException(new ApiError.Unavailable("killed", Duration.ofSeconds(1)));
  }

  @Override
  public Object around(Supplier<Object> call) {
    writes++;
    if (writes == number) {
      var after = interrupt.get();
      var result = call.get();
      return after == null ? result : after.get();
    }
    return call.get();
  }

  boolean isReached() {
    return writes >= number;
  }
}
