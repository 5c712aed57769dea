package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.Main;
import dev.partywall.PartywallProcess;
import dev.partywall.attack.ProcessFootprint;
import dev.partywall.http.server.RawClient;
import dev.partywall.local.LocalDynamo;
import dev.partywall.storage.Attributes;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Exports many orders from a service with a heap of 256 MB in its own process. {@code
 * -Dexport.orders=1000000} sets their number. It measures the live heap, and the latency of another
 * tenant alone and during the export. All parts share this machine with DynamoDB Local, so the
 * latencies are an upper bound.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
@Timeout(value = 1, unit = TimeUnit.HOURS) // a million orders
@EnabledIfSystemProperty(named = "export.orders", matches = "\\d+")
class LargeExportTest {
  private static final int ORDERS = Integer.getInteger("export.orders", 0);
  private static final int BATCH = 25;
  private static final int WRITERS = 8;
  private static final int REQUESTS = 500;
  private static final long MAX_HEAP_GROWTH = 64 << 20;
  private static final Duration MEASURE_INTERVAL = Duration.ofSeconds(2);

  private static final String DOCUMENT =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}],\
      "status":"placed","note":"%s"}\
      """
          .formatted("n".repeat(200));

  private final LocalDynamo dynamo;

  LargeExportTest(LocalDynamo dynamo) {
    this.dynamo = dynamo;
  }

  @Test
  void takesConstantMemory() throws Exception {
    try (var services = new ServicesWithOperators(dynamo);
        var service =
            new PartywallProcess(Main.class, List.of("-Xmx256m"), environment(services))) {
      var port = service.awaitReady().port();
      register(services, port, "acme");
      register(services, port, "globex");
      fill(services.fixture.prefix + "orders");
      latencies(services, port); // warms up
      var before = ProcessFootprint.of(service.pid()).heapBytes();
      var alone = p99(latencies(services, port));

      var export =
          CompletableFuture.supplyAsync(() -> export(services, port), Thread::startVirtualThread);
      var meanwhile = new ArrayList<Long>();
      var largest = before;
      while (!export.isDone()) {
        largest = Math.max(largest, ProcessFootprint.of(service.pid()).heapBytes());
        meanwhile.addAll(latencies(services, port));
      }

      assertEquals(ORDERS, export.join());
      var growth = largest - before;
      System.out.printf(
          "export of %,d orders: heap before %,d KB, largest growth %,d KB; p99 alone %.1f ms, meanwhile %.1f ms%n",
          ORDERS, before >> 10, growth >> 10, alone / 1e6, p99(meanwhile) / 1e6);
      assertTrue(growth <= MAX_HEAP_GROWTH, () -> growth + " bytes");
    }
  }

  private static Map<String, String> environment(ServicesWithOperators services) {
    return new HashMap<>(services.environment());
  }

  private static void register(ServicesWithOperators services, int port, String id)
      throws Exception {
    var body = "{\"id\":\"%s\",\"name\":\"%s\",\"tier\":\"premium\"}".formatted(id, id);
    try (var client = new RawClient(port)) {
      var response =
          ServicesWithOperators.send(
              client,
              "POST",
              "/tenants",
              services.operator(),
              body,
              "Content-Type: application/json");
      assertEquals(201, response.status());
    }
  }

  /** Writes batches to the engine itself, without the service and without isolation. */
  private void fill(String table) {
    var begin = System.nanoTime();
    try (var client = dynamo.client();
        var writers = Executors.newFixedThreadPool(WRITERS)) {
      IntStream.range(0, (ORDERS + BATCH - 1) / BATCH)
          .mapToObj(batch ->
              CompletableFuture.runAsync(
                  () -> fill(client, table, batch * BATCH, Math.min(ORDERS, (batch + 1) * BATCH)),
                  writers))
          .toList()
          .forEach(CompletableFuture::join);
    }
    System.out.printf(
        "%,d orders stored in %d s%n",
        ORDERS, Duration.ofNanos(System.nanoTime() - begin).toSeconds());
  }

  private static void fill(DynamoDbClient client, String table, int from, int to) {
    var writes =
        IntStream.range(from, to)
            .mapToObj(number -> {
              var id = "%010d".formatted(number);
              var item = Attributes.keyAndFormat("acme", "order#" + id);
              item.put(Attributes.VERSION, Attributes.number(1));
              item.put(Attributes.I1, Attributes.text("order#placed#" + id));
              item.put(Attributes.I2, Attributes.text("order#alice#" + id));
              item.put(Attributes.DOCUMENT, Attributes.text(DOCUMENT));
              return WriteRequest.builder().putRequest(put -> put.item(item)).build();
            })
            .toList();
    var response = client.batchWriteItem(batch -> batch.requestItems(Map.of(table, writes)));
    assertEquals(Map.of(), response.unprocessedItems());
  }

  /** Returns the number of items. */
  private static int export(ServicesWithOperators services, int port) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/tenants/acme/export"))
            .header("Authorization", "Bearer " + services.operator())
            .build();
    try (var http = HttpClient.newHttpClient();
        var body = http.send(request, BodyHandlers.ofInputStream()).body();
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      var items = -1; // the header
      for (var line = lines.readLine(); !line.startsWith("{\"counts\""); line = lines.readLine()) {
        items++;
      }
      return items;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Long> latencies(ServicesWithOperators services, int port) throws Exception {
    var token = services.fixture.token("globex", "alice");
    var nanos = new ArrayList<Long>();
    var end = System.nanoTime() + MEASURE_INTERVAL.toNanos();
    try (var client = new RawClient(port)) {
      for (var i = 0; i < REQUESTS && System.nanoTime() < end; i++) {
        var start = System.nanoTime();
        var response = ServicesWithOperators.send(client, "GET", "/orders", token, "");
        nanos.add(System.nanoTime() - start);
        assertEquals(200, response.status());
      }
    }
    return nanos;
  }

  private static double p99(List<Long> nanos) {
    var sorted = nanos.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100));
  }
}
