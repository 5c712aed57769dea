package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.partywall.http.server.RawClient;
import dev.partywall.local.LocalDynamo;
import dev.partywall.metering.journal.JournalUnusableException;
import dev.partywall.orders.OrderRoutes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests that a start either succeeds or leaves nothing behind. */
@Isolated("compares the threads of the JVM")
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class ServiceStartTest {
  private static final Pattern THREAD = Pattern.compile("^#(\\d+) \"([^\"]+)\"", Pattern.MULTILINE);

  /** Threads of the JDK for all of its users, and threads of the local AWS that come and go. */
  private static final Pattern SHARED =
      Pattern.compile(
          "ForkJoinPool-.*|VirtualThread-.*|Keep-Alive-.*|pool-.*|HttpClient-.*-Worker-.*|C[12] .*");

  @TempDir Path folder;

  private final InProcessService services;
  private final LocalDynamo dynamo;
  private Map<String, String> variables;
  private Set<String> threads;

  ServiceStartTest(LocalDynamo dynamo) throws IOException {
    this.dynamo = dynamo;
    services = new InProcessService(dynamo);
  }

  @BeforeEach
  void startOnce() throws Exception {
    variables = new HashMap<>();
    variables.put("PARTYWALL_JOURNAL_DIR", folder.resolve("journal").toString());
    variables.put("PARTYWALL_MANAGEMENT_PORT", Integer.toString(freePort()));
    startsAndDrains(); // starts the threads of the libraries that stay
    threads = threads();
  }

  @AfterEach
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

  @Test
  void createsMissingTables() throws Exception {
    variables.put("PARTYWALL_TABLE_PREFIX", services.fixture.prefix + "new-");
    variables.put("PARTYWALL_CREATE_TABLES", "true");
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    startsAndDrains();
    try (var engine = dynamo.client()) {
      var tables = engine.listTablesPaginator().tableNames().stream().toList();
      for (var name : List.of("orders", "usage", "tenants")) {
        assertTrue(tables.contains(services.fixture.prefix + "new-" + name), tables::toString);
      }
    }
  }

  /** The role of the service in the template cannot create tables. */
  @Test
  void readinessNamesTheReasonWhyTablesAreNotCreated() throws Exception {
    var table = services.fixture.prefix + "usage";
    try (var engine = dynamo.client()) {
      engine.deleteTable(request -> request.tableName(table));
    }
    var service = start(Map.of("PARTYWALL_CREATE_TABLES", "true"));
    try {
      var expected =
          "\"problem\":\"table %s is missing; Periodic task provisioning failed: ".formatted(table);
      while (!readiness(service).contains(expected)) {
        Thread.sleep(20);
      }
    } finally {
      service.drain();
    }
  }

  private static String readiness(Service service) throws IOException {
    try (var client = new RawClient(service.managementPort())) {
      var head = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
      return client.send(head.getBytes(StandardCharsets.ISO_8859_1)).read().text();
    }
  }

  private Service start(Map<String, String> more) throws Exception {
    var all = new HashMap<>(variables);
    all.putAll(more);
    return Service.start(services.settings(all), ServiceFixture.declare(List.of(OrderRoutes::of)));
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
