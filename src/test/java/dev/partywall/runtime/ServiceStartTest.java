package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.journal.JournalUnusableException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests that a start either succeeds or leaves nothing behind. */
@Isolated("compares the threads of the JVM")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ServiceStartTest {
  private static final Pattern THREAD = Pattern.compile("^#(\\d+) \"([^\"]+)\"", Pattern.MULTILINE);

  /** Threads of the JDK for all of its users, and threads of the local AWS that come and go. */
  private static final Pattern SHARED =
      Pattern.compile(
          "ForkJoinPool-.*|VirtualThread-.*|Keep-Alive-.*|pool-.*|HttpClient-.*-Worker-.*|C[12] .*");

  private final InProcessService services;
  private final Map<String, String> variables = new HashMap<>();
  private Path folder;
  private Set<String> threads;

  ServiceStartTest(LocalDynamo dynamo) throws IOException {
    services = new InProcessService(dynamo);
  }

  @BeforeAll
  void startOnce(@TempDir Path folder) throws Exception {
    this.folder = folder;
    variables.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    variables.put("PARTYWALL_MANAGEMENT_PORT", Integer.toString(freePort()));
    startsAndDrains(); // starts the threads of the libraries that stay
    threads = threads();
  }

  @AfterAll
  void close() {
    services.close();
  }

  @Test
  void aDrainedServiceLeavesNothingBehind() throws Exception {
    startsAndDrains();
    assertNothingRemains();
  }

  @Test
  void anOccupiedPortLeavesNothingBehind() throws Exception {
    try (var occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Map.of("PARTYWALL_PORT", Integer.toString(occupied.getLocalPort()));
      var failure = assertThrows(IOException.class, () -> start(port));
      assertTrue(failure.toString().contains(": PARTYWALL_PORT: "), failure::toString);
    }
    assertNothingRemains();
  }

  @Test
  void aLockedJournalLeavesNothingBehind() throws Exception {
    var lock = folder.resolve("journal").resolve("lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      assertThrows(JournalUnusableException.class, () -> start(Map.of()));
    }
    assertNothingRemains();
  }

  private Service start(Map<String, String> more) throws Exception {
    var all = new HashMap<>(variables);
    all.putAll(more);
    return services.start(all);
  }

  private void startsAndDrains() throws Exception {
    assertTrue(InProcessService.awaitReady(start(Map.of())).drain());
  }

  /** Starts with the same journal and the same management port. */
  private void assertNothingRemains() throws Exception {
    var remaining = newThreads();
    for (var end = System.nanoTime() + 10_000_000_000L;
        !remaining.isEmpty() && System.nanoTime() < end; ) {
      remaining = newThreads();
    }
    assertEquals(Set.of(), remaining);
    startsAndDrains();
  }

  private Set<String> newThreads() throws IOException {
    var now = threads();
    now.removeAll(threads);
    return now;
  }

  /** Returns the number and name of each thread that has a name, virtual threads included. */
  private Set<String> threads() throws IOException {
    var dump = Files.createTempDirectory(folder, "threads").resolve("dump.txt");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    return THREAD
        .matcher(Files.readString(dump))
        .results()
        .filter(thread -> !SHARED.matcher(thread.group(2)).matches())
        .map(thread -> thread.group(1) + " " + thread.group(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
