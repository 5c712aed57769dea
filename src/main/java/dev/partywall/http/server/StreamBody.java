package dev.partywall.http.server;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read from a socket.
 *
 * <p>If the body is not buffered yet, a separate thread reads it. The thread that serves the
 * request only waits, because a request timeout may interrupt it. An interrupt during a read would
 * close the socket before the response is sent.
 */
final class StreamBody implements Body {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final int BUFFER_BYTES = 8192;
  private static final int STREAM_BUFFER_BYTES = 16 * 1024;

  /** A sender that is slower than this for a whole interval does not wait for the response. */
  private static final int MIN_LINGER_BYTES = 16 * 1024;

  private static final Duration LINGER_INTERVAL = Duration.ofSeconds(1);

  private final InputStream in;
  private final long declared;
  private final int limit;
  private final Duration timeout;
  private final long deadlineNanos;
  private final CompletableFuture<byte[]> content = new CompletableFuture<>();
  private @Nullable Thread reader;
  private volatile boolean discarding;
  private volatile long received;
  private volatile boolean atEnd;
  private volatile boolean parsed;

  /**
   * Creates a body that is still unread.
   *
   * @param declared the declared number of bytes, or -1 for a chunked body
   * @param limit the maximum number of bytes
   * @param timeout the longest wait for the complete body, from now
   */
  StreamBody(InputStream in, long declared, int limit, Duration timeout) {
    this.in = in;
    this.declared = declared;
    this.limit = limit;
    this.timeout = timeout;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
  }

  @Override
  public byte[] bytes() {
    if (declared > limit) {
      throw new ApiException(new ApiError.TooLarge(limit));
    }
    readIfBuffered();
    startReader();
    try {
      return content.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ApiException rejection
          ? rejection
          : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw timedOut();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw timedOut();
    }
  }

  @Override
  public InputStream stream(long maxBytes) {
    if (declared > maxBytes) {
      throw new ApiException(new ApiError.TooLarge(maxBytes));
    }
    if (reader != null || content.isDone()) {
      return new ByteArrayInputStream(bytes());
    }
    var stream = new BodyStream(maxBytes, timeout);
    reader = Thread.startVirtualThread(() -> copyTo(stream));
    return stream;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, and another one reads
  private void copyTo(BodyStream stream) {
    try {
      var buffer = new byte[STREAM_BUFFER_BYTES];
      for (int n; (n = in.read(buffer)) >= 0; ) {
        received += n;
        stream.put(Arrays.copyOf(buffer, n), () -> discarding);
      }
      atEnd = true; // before the thread of the request continues
      stream.end(/* failure= */ null, () -> discarding);
    } catch (IOException | RuntimeException e) {
      fail(stream);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fail(BodyStream stream) {
    try {
      stream.end(invalidFraming(), () -> discarding);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isBuffered() {
    readIfBuffered();
    return content.isDone();
  }

  @Override
  public void parsedAsJson() {
    parsed = true;
  }

  /**
   * Returns whether the next request begins where this body ended, for every proxy in front of the
   * server. This is certain if there is no body, and if a body with a Content-Length was parsed as
   * JSON to its end.
   *
   * <p>The JDK's parser ends the header section at {@code CR CR} and {@code LF CR} too, where a
   * proxy may see the end of a line. The LF that follows is then the first byte of the body, the
   * fields that the proxy adds come next, and the last bytes that the proxy sends as body are the
   * next request. A body that begins with white space is therefore not certain, even if it is JSON.
   * A chunked body never is: the parser takes chunk sizes modulo 2^32 and ignores a LF in a chunk
   * extension. JSON can therefore end where the proxy sees more of the body.
   */
  boolean hasCertainEnd() {
    return isFullyRead() && (declared == 0 || (declared > 0 && parsed && beginsWithText()));
  }

  private boolean beginsWithText() {
    return content.resultNow()[0] > ' ';
  }

  /**
   * Returns whether this body was read to its end. Reads a body that has arrived, without waiting.
   */
  boolean isFullyRead() {
    readIfBuffered();
    return atEnd;
  }

  /**
   * Reads and discards the rest of the body while it arrives. Closing a socket with unread bytes
   * resets the connection, and a reset may destroy the response before the client has read it (RFC
   * 9112, section 9.6). Ends after {@code timeout}, or after a second in which less than 16 KiB
   * arrived. The size of the body is no limit: a proxy sends a complete file before it reads the
   * response.
   */
  void linger(Duration timeout) {
    discarding = true;
    startReader();
    if (reader != null) {
      try {
        linger(reader, timeout.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void linger(Thread sender, long timeoutNanos) throws InterruptedException {
    var end = System.nanoTime() + timeoutNanos;
    var before = -(long) MIN_LINGER_BYTES;
    for (var left = timeoutNanos;
        left > 0 && received - before >= MIN_LINGER_BYTES;
        left = end - System.nanoTime()) {
      before = received;
      if (sender.join(Duration.ofNanos(Math.min(left, LINGER_INTERVAL.toNanos())))) {
        return;
      }
    }
  }

  private void readIfBuffered() {
    try {
      if (declared >= 0 && reader == null && !content.isDone() && in.available() == declared) {
        read();
      }
    } catch (IOException e) {
      content.completeExceptionally(invalidFraming());
    }
  }

  private void startReader() {
    if (reader == null && !content.isDone()) {
      reader = Thread.startVirtualThread(this::read);
    }
  }

  private void read() {
    try {
      var bytes = readToEnd();
      atEnd = true; // before the thread of the request continues
      content.complete(bytes);
    } catch (IOException | RuntimeException e) {
      // The JDK's chunk parser throws arbitrary exceptions for sizes like FFFFFFFF.
      content.completeExceptionally(invalidFraming());
    }
  }

  /** Returns the body, or as much of it as the limit permits; reads all of it in any case. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, and another one reads
  private byte[] readToEnd() throws IOException {
    var buffer = new byte[declared < 0 ? BUFFER_BYTES : Math.clamp(declared, 1, BUFFER_BYTES)];
    var output = new ByteArrayOutputStream(capacity());
    for (int n; (n = in.read(buffer)) >= 0; ) {
      received += n;
      if (received > limit) {
        content.completeExceptionally(new ApiException(new ApiError.TooLarge(limit)));
        output = new ByteArrayOutputStream(0);
      } else if (!discarding) {
        output.write(buffer, 0, n);
      }
    }
    return output.toByteArray();
  }

  /** Returns the length of the buffer for the body. A declared length avoids copies. */
  private int capacity() {
    return discarding || declared > limit ? 0 : Math.clamp(declared, 0, limit);
  }

  private static ApiException invalidFraming() {
    return new ApiException(
        new ApiError.Malformed("The framing of the request body is invalid.", true));
  }

  private static ApiException timedOut() {
    return new ApiException(
        new ApiError.Unavailable("The request body did not arrive in time.", RETRY_AFTER));
  }
}
