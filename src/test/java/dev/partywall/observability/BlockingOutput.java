package dev.partywall.observability;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** An output whose writes block until it is opened. */
final class BlockingOutput extends OutputStream {
  final CountDownLatch firstWrite = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  void open() {
    open.countDown();
  }

  List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  void awaitLine(String line) {
    while (!lines().contains(line)) {
      Thread.onSpinWait();
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
