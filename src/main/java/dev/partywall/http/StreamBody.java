package dev.partywall.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A body that comes in over a socket.
 *
 * <p>What is not here yet is read on a thread of its own. The thread that serves the request only
 * waits for it, because it may be interrupted when the request's time is up, and an interrupt in
 * the middle of reading closes the socket: before the answer is out.
 */
final class StreamBody implements Body {
  private static final Duration COME_BACK = Duration.ofSeconds(2);
  private static final int LINGER_BYTES = 8 << 20;
  private static final int PIECE = 8192;

  private final InputStream in;
  private final long declared;
  private final int limit;
  private final long until;
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private @Nullable Thread reader;
  private volatile boolean wanted = true;
  private volatile boolean atEnd;

  /**
   * A body of which nothing has been read.
   *
   * @param declared bytes, or -1 where it comes in chunks
   * @param limit bytes that it may have
   * @param patience for all of it to arrive, from now on
   */
  StreamBody(InputStream in, long declared, int limit, Duration patience) {
    this.in = in;
    this.declared = declared;
    this.limit = limit;
    this.until = System.nanoTime() + patience.toNanos();
  }

  @Override
  public byte[] bytes() {
    if (declared > limit) {
      throw new Refused(new Refusal.TooLarge(limit));
    }
    takeWhatIsHere();
    startReader();
    try {
      return whole.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Refused refused ? refused : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw tooSlow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw tooSlow();
    }
  }

  @Override
  public boolean isHere() {
    takeWhatIsHere();
    return whole.isDone();
  }

  /**
   * Whether the connection stands at the end of this body, so that another request can follow. What
   * has arrived already is read for that; nothing is waited for.
   */
  boolean isAtEnd() {
    takeWhatIsHere();
    return atEnd;
  }

  /**
   * Reads on for a while and throws it away. A socket that is closed while bytes are on their way
   * in is reset, and a reset may take the answer with it that the caller has not read yet (RFC
   * 9112, section 9.6).
   */
  void linger(Duration patience) {
    wanted = false;
    startReader();
    try {
      if (reader != null) {
        reader.join(patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void takeWhatIsHere() {
    try {
      if (declared >= 0 && reader == null && !whole.isDone() && in.available() == declared) {
        read();
      }
    } catch (IOException e) {
      whole.completeExceptionally(broken());
    }
  }

  private void startReader() {
    if (reader == null && !whole.isDone()) {
      reader = Thread.startVirtualThread(this::read);
    }
  }

  private void read() {
    try {
      var buffer = new byte[declared < 0 ? PIECE : Math.clamp(declared, 1, PIECE)];
      var kept = new ByteArrayOutputStream(buffer.length);
      var total = 0L;
      for (int n; (n = in.read(buffer)) >= 0 && total < LINGER_BYTES; ) {
        total += n;
        keep(kept, buffer, n, total);
      }
      atEnd = total < LINGER_BYTES;
      whole.complete(kept.toByteArray());
    } catch (IOException | RuntimeException e) {
      // The server's parser of chunks trips over sizes like FFFFFFFF with whatever comes.
      whole.completeExceptionally(broken());
    }
  }

  private void keep(ByteArrayOutputStream kept, byte[] buffer, int n, long total) {
    if (total > limit) {
      whole.completeExceptionally(new Refused(new Refusal.TooLarge(limit)));
    } else if (wanted) {
      kept.write(buffer, 0, n);
    }
  }

  private static Refused broken() {
    return new Refused(new Refusal.Malformed("the body's framing is broken", true));
  }

  private static Refused tooSlow() {
    return new Refused(new Refusal.Unavailable("the body did not arrive in time", COME_BACK));
  }
}
