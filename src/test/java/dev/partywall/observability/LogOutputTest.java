package dev.partywall.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogOutputTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Gate gate = new Gate();
  private final LogOutput output =
      new LogOutput(gate, 1_000, count -> line("dropped " + count), Thread::onSpinWait);

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
    assertTrue(output.flush(LONG));
    assertEquals(1_000 - dropped, gate.lines().stream().filter("line"::equals).count());
  }

  @Test
  void whatMustNotBeLostWaitsAndComesOutInItsOrder() throws Exception {
    stick();
    for (var i = 0; i < 1_000; i++) {
      output.offer(line("chatter"));
    }
    var audit = Thread.ofVirtual().start(() -> IntStream.range(0, 500).forEach(this::audit));
    while (audit.getState() != Thread.State.TIMED_WAITING) {
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
  void whoWaitsForRoomCanBeInterrupted() throws Exception {
    stick();
    while (output.awaitRoom(Duration.ZERO)) {
      output.put(line("audit"));
    }
    var stillInterrupted = new CompletableFuture<Boolean>();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              assertFalse(output.awaitRoom(LONG));
              stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
    waiting.interrupt();
    assertTrue(stillInterrupted.get());
    gate.open();
    assertTrue(output.awaitRoom(LONG));
  }

  @Test
  void anOutputThatIsGoneCountsAsDropped() throws Exception {
    var broken = output(new Failing(Integer.MAX_VALUE), Thread::onSpinWait);
    broken.offer(line("lost"));
    broken.offer(line("lost"));
    broken.start();
    assertTrue(broken.flush(LONG));
    assertEquals(2, broken.dropped());
    assertTrue(broken.awaitRoom(Duration.ZERO));
  }

  @Test
  void anOutputThatFailsIsTriedAgainAfterAPauseAndTellsWhatWasLost() throws Exception {
    var failing = new Failing(3);
    var begun = new Semaphore(0);
    var over = new Semaphore(0);
    var recovers =
        output(
            failing,
            () -> {
              begun.release();
              over.acquireUninterruptibly();
            });
    recovers.offer(line("lost"));
    recovers.start();
    for (var tries = 1; tries <= 3; tries++) {
      begun.acquire();
      assertEquals(tries, failing.tries.get());
      over.release();
    }
    while (failing.taken.size() == 0) {
      Thread.onSpinWait();
    }
    recovers.offer(line("kept"));
    assertTrue(recovers.flush(LONG));
    assertEquals("\ndropped 1\nkept\n", failing.taken.toString(StandardCharsets.UTF_8));
  }

  private static LogOutput output(OutputStream out, Runnable pause) {
    return new LogOutput(out, 1_000, count -> line("dropped " + count), pause);
  }

  private void stick() throws InterruptedException {
    output.start();
    output.offer(line("first"));
    gate.reached.await();
  }

  private void audit(int number) {
    assertTrue(output.awaitRoom(LONG));
    output.put(line("audit " + number));
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Does not take the first so many writes. */
  private static final class Failing extends OutputStream {
    final AtomicInteger tries = new AtomicInteger();
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final int failures;

    Failing(int failures) {
      this.failures = failures;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      if (tries.get() < failures) {
        tries.incrementAndGet();
        throw new IOException("broken pipe");
      }
      taken.write(from, offset, length);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }
  }
}
