package dev.partywall.observability.log;

import dev.partywall.concurrent.Conditions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** An output whose writes block until it is opened. */
public final class BlockingOutput extends OutputStream {
  final CountDownLatch firstWrite = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Lets all writes through. */
  public void open() {
    open.countDown();
  }

  /** Returns all lines written so far. */
  public List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /**
   * Returns a separate logger factory that writes here, with a buffer of {@code capacity} bytes.
   */
  public JsonLoggerFactory log(InstantSource clock, long capacity) {
    return new JsonLoggerFactory(this, clock, capacity);
  }

  void awaitLine(String line) {
    while (!lines().contains(line)) {
      Conditions.pause();
    }
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    firstWrite.countDown();
    try {
      open.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    bytes.write(from, offset, length);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }
}
