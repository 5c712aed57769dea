package dev.partywall.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogOutputTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Gate gate = new Gate();
  private final LogOutput output = new LogOutput(gate, 1_000, count -> line("dropped " + count));

  @Test
  void aStuckReaderHoldsNobodyUp() throws Exception {
    stick();
    for (var i = 0; i < 100_000; i++) {
      output.offer(line("line " + i));
    }
    assertFalse(output.flush(Duration.ZERO));
    assertTrue(output.dropped() > 99_000);
    gate.open();
    assertTrue(output.flush(LONG));
  }

  @Test
  void saysHowManyItDropped() throws Exception {
    stick();
    for (var i = 0; i < 1_000; i++) {
      output.offer(line("line"));
    }
    var dropped = output.dropped();
    gate.open();
    gate.awaitLine("dropped " + dropped);
    assertEquals(1_000 - dropped, gate.lines().stream().filter("line"::equals).count());
  }

  @Test
  void whatMustNotBeLostWaitsAndComesOutInItsOrder() throws Exception {
    stick();
    for (var i = 0; i < 1_000; i++) {
      output.offer(line("chatter"));
    }
    var audit =
        Thread.ofVirtual()
            .start(() -> IntStream.range(0, 500).forEach(i -> output.put(line("audit " + i))));
    while (audit.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    gate.open();
    audit.join();
    assertTrue(output.flush(LONG));
    assertEquals(
        IntStream.range(0, 500).mapToObj(i -> "audit " + i).toList(),
        gate.lines().stream().filter(it -> it.startsWith("audit")).toList());
  }

  @Test
  void linesOfManyThreadsAreNeverMixed() throws Exception {
    gate.open();
    output.start();
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      for (var t = 0; t < 50; t++) {
        var text = line(String.valueOf((char) ('a' + t % 26)).repeat(40));
        threads.execute(() -> IntStream.range(0, 200).forEach(_ -> output.put(text)));
      }
    }
    assertTrue(output.flush(LONG));
    assertEquals(10_000, gate.lines().size());
    assertTrue(
        gate.lines().stream()
            .allMatch(it -> it.length() == 40 && it.chars().distinct().count() == 1));
  }

  @Test
  void anOutputThatIsGoneCountsAsDropped() throws Exception {
    var broken = new LogOutput(new Gone(), 1_000, count -> line("dropped " + count));
    broken.offer(line("lost"));
    broken.start();
    assertTrue(broken.flush(LONG));
    assertTrue(broken.dropped() >= 1);
  }

  private void stick() throws InterruptedException {
    output.start();
    output.offer(line("first"));
    gate.reached.await();
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** An output that takes nothing until it is opened. */
  private static final class Gate extends OutputStream {
    final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void open() {
      open.countDown();
    }

    List<String> lines() {
      return bytes.toString(StandardCharsets.UTF_8).lines().collect(Collectors.toList());
    }

    void awaitLine(String line) {
      while (!lines().contains(line)) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      reached.countDown();
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

  private static final class Gone extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("broken pipe");
    }
  }
}
