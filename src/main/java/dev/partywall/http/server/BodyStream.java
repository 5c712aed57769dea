package dev.partywall.http.server;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way from the thread that reads the socket to the thread that serves the request. A
 * few parts are in memory, so a slow handler slows down the client.
 *
 * <p>The client must send at a minimum rate. Only the time that the handler waits for it counts.
 */
final class BodyStream extends InputStream {
  private static final int MAX_PARTS = 4;
  private static final long MIN_BYTES_PER_SECOND = 16 * 1024;
  private static final long OFFER_MILLIS = 50;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(MAX_PARTS);
  private final long maxBytes;
  private final long timeoutNanos;
  private Part current = new Part(new byte[0], null);
  private int position;
  private boolean ended;
  private long received;
  private long waitedNanos;

  /** Some bytes; no bytes at the end of the body, with the failure if it has no proper end. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(byte[] bytes, @Nullable ApiException failure) {
    boolean isEnd() {
      return bytes.length == 0;
    }
  }

  /**
   * Creates an empty stream.
   *
   * @param timeout the longest wait for the client in addition to the time of the minimum rate
   */
  BodyStream(long maxBytes, Duration timeout) {
    this.maxBytes = maxBytes;
    this.timeoutNanos = timeout.toNanos();
  }

  /** Adds bytes. Waits for room unless they are {@code discarded}. */
  void put(byte[] bytes, BooleanSupplier discarded) throws InterruptedException {
    offer(new Part(bytes, null), discarded);
  }

  /** Adds the end of the body; {@code failure} is null if it is complete. */
  void end(@Nullable ApiException failure, BooleanSupplier discarded) throws InterruptedException {
    offer(new Part(new byte[0], failure), discarded);
  }

  private void offer(Part part, BooleanSupplier discarded) throws InterruptedException {
    while (!discarded.getAsBoolean() && !parts.offer(part, OFFER_MILLIS, TimeUnit.MILLISECONDS)) {
      // The handler takes no part at the moment. It may have ended in the meantime.
    }
  }

  @Override
  public int read() {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads bytes.
   *
   * @throws ApiException as {@link ApiError.TooLarge}, as {@link ApiError.Malformed} if the framing
   *     is invalid, or as {@link ApiError.Unavailable} if the client is too slow
   */
  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (position == current.bytes().length && !next()) {
      return -1;
    }
    var count = Math.min(length, current.bytes().length - position);
    System.arraycopy(current.bytes(), position, target, offset, count);
    position += count;
    return count;
  }

  /** Returns false at the end. The end stays the current part. */
  private boolean next() {
    if (ended) {
      return false;
    }
    current = take();
    position = 0;
    received += current.bytes().length;
    if (current.failure() != null) {
      throw current.failure();
    }
    if (received > maxBytes) {
      throw new ApiException(new ApiError.TooLarge(maxBytes));
    }
    ended = current.isEnd();
    return !ended;
  }

  private Part take() {
    var available = parts.poll();
    if (available != null) {
      return available;
    }
    var start = System.nanoTime();
    try {
      var allowed =
          timeoutNanos
              + TimeUnit.SECONDS.toNanos(1) * received / MIN_BYTES_PER_SECOND
              - waitedNanos;
      var part = parts.poll(Math.min(allowed, timeoutNanos), TimeUnit.NANOSECONDS);
      if (part != null) {
        return part;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waitedNanos += System.nanoTime() - start;
    }
    throw new ApiException(
        new ApiError.Unavailable("The request body did not arrive in time.", RETRY_AFTER));
  }
}
