package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogOutputTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong();
  private final BlockingOutput sink = new BlockingOutput();
  private final LogOutput output =
      new LogOutput(
          LineWriter.LineChannel.channelFor(sink),
          1_000,
          count -> line("dropped " + count),
          Thread::onSpinWait,
          nanos::get);
  private final FailingChannel unwritable = new FailingChannel(Integer.MAX_VALUE, 0);

  /** Otherwise the writer thread of the output would retry, and use a processor, for ever. */
  @AfterEach
  void endTheRetries() {
    unwritable.repair();
  }

  @Test
  void neverBlocksLoggingThreads() throws Exception {
    block();
    for (var i = 0; i < 100_000; i++) {
      output.offer(line("line " + i));
    }
    assertFalse(output.flush(Duration.ZERO));
    assertTrue(output.droppedLines() > 99_000);
    sink.open();
    assertTrue(output.flush(LONG));
  }

  @Test
  void reportsTheNumberOfDroppedLines() throws Exception {
    block();
    for (var i = 0; i < 1_000; i++) {
      output.offer(line("line"));
    }
    var dropped = output.droppedLines();
    sink.open();
    sink.awaitLine("dropped " + dropped);
    assertTrue(output.flush(LONG));
    assertEquals(1_000 - dropped, sink.lines().stream().filter("line"::equals).count());
  }

  @Test
  void writesReservedLinesInOrderAfterWaiting() throws Exception {
    block();
    for (var i = 0; i < 1_000; i++) {
      output.offer(line("chatter"));
    }
    var audit = Thread.ofVirtual().start(() -> IntStream.range(0, 500).forEach(this::audit));
    await(() -> audit.getState() == Thread.State.TIMED_WAITING);
    sink.open();
    audit.join();
    assertTrue(output.flush(LONG));
    assertEquals(
        IntStream.range(0, 500).mapToObj(i -> "audit " + i).toList(),
        sink.lines().stream().filter(line -> line.startsWith("audit")).toList());
  }

  @Test
  void neverMixesLinesOfConcurrentThreads() throws Exception {
    sink.open();
    output.start();
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      for (var t = 0; t < 50; t++) {
        var text = line(String.valueOf((char) ('a' + t % 26)).repeat(40));
        threads.execute(() -> IntStream.range(0, 200).forEach(_ -> output.put(text)));
      }
    }
    assertTrue(output.flush(LONG));
    assertEquals(10_000, sink.lines().size());
    assertTrue(
        sink.lines().stream()
            .allMatch(line -> line.length() == 40 && line.chars().distinct().count() == 1));
  }

  @Test
  void canBeInterruptedWhileWaitingForCapacity() throws Exception {
    block();
    while (output.awaitCapacity(Duration.ZERO)) {
      output.put(line("audit"));
    }
    var stillInterrupted = new CompletableFuture<Boolean>();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              assertFalse(output.awaitCapacity(LONG));
              stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
    waiting.interrupt();
    assertTrue(stillInterrupted.get());
    sink.open();
    assertTrue(output.awaitCapacity(LONG));
  }

  @Test
  void retriesAFailingOutputWithoutLossOrDuplication() throws Exception {
    var failing = new FailingChannel(1_000, 3);
    var pauses = new AtomicInteger();
    var recovers = output(failing, pauses::incrementAndGet);
    recovers.offer(line("first"));
    recovers.offer(line("second"));
    recovers.start();
    while (!recovers.flush(LONG)) {
      Thread.sleep(1);
    }
    assertEquals("first\nsecond\n", failing.accepted());
    assertEquals(1_000, pauses.get());
    assertEquals(0, recovers.droppedLines());
    assertEquals(Optional.empty(), recovers.problem());
  }

  @Test
  void treatsAPermanentlyFailingOutputAsBlocked() throws Exception {
    var tries = new AtomicInteger();
    var broken = output(unwritable, tries::incrementAndGet);
    broken.start();
    for (var i = 0; i < 1_000; i++) {
      broken.offer(line("line"));
    }
    while (broken.awaitCapacity(Duration.ZERO)) {
      broken.put(line("audit"));
    }
    assertTrue(broken.droppedLines() > 0);
    await(() -> tries.get() > 0);
    assertEquals(Optional.empty(), broken.problem());
    nanos.addAndGet(LineWriter.STALL_TIMEOUT.toNanos());
    assertEquals(Optional.of("standard output cannot be written"), broken.problem());
  }

  @Test
  void flushGivesUpOnAPermanentlyFailingOutput() throws Exception {
    var broken = output(unwritable, Thread::onSpinWait);
    broken.offer(line("lost"));
    broken.start();
    assertFalse(broken.flush(Duration.ofDays(1)));
  }

  @Test
  void reportsAProblemWhenAWriteIsPendingTooLong() throws Exception {
    block();
    assertEquals(Optional.empty(), output.problem());
    nanos.addAndGet(LineWriter.STALL_TIMEOUT.toNanos());
    assertEquals(Optional.of("standard output is blocked"), output.problem());
    sink.open();
    assertTrue(output.flush(LONG));
    assertEquals(Optional.empty(), output.problem());
  }

  private LogOutput output(WritableByteChannel out, Runnable pause) {
    return new LogOutput(out, 1_000, count -> line("dropped " + count), pause, nanos::get);
  }

  private void block() throws InterruptedException {
    output.start();
    output.offer(line("first"));
    sink.firstWrite.await();
  }

  /** Polls with sleeps, which the test timeout can interrupt. */
  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  private void audit(int number) {
    assertTrue(output.awaitCapacity(LONG));
    output.put(line("audit " + number));
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Accepts {@code first} bytes, fails {@code failures} times, and then accepts all bytes. */
  private static final class FailingChannel implements WritableByteChannel {
    private final ByteArrayOutputStream accepted = new ByteArrayOutputStream();
    private final AtomicInteger failures;
    private int first;

    FailingChannel(int failures, int first) {
      this.failures = new AtomicInteger(failures);
      this.first = first;
    }

    void repair() {
      failures.set(0);
    }

    String accepted() {
      return accepted.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (first == 0 && failures.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
        throw new IOException("broken pipe");
      }
      var length = first > 0 ? first : bytes.remaining();
      var part = new byte[length];
      bytes.get(part);
      accepted.writeBytes(part);
      first = 0;
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
