package dev.partywall.runtime;

import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.ClassPathJar;
import dev.partywall.ConsoleExample;
import dev.partywall.Main;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import dev.partywall.operations.receipt.VerifyReceipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole life of a tenant over HTTP, on two instances. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OffboardingServiceTest {
  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;

  private static final Duration MAX_DELAY = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Pattern TIME = Pattern.compile("[0-9-]{10}T[0-9:.]+Z");

  @TempDir static Path folder;

  private static ServicesWithOperators instances;

  /** Runs in parallel to the other test, because both wait for instances. */
  private static Process tour;

  @BeforeAll
  static void start(LocalDynamo dynamo) throws Exception {
    instances = new ServicesWithOperators(dynamo).start(2);
    tour = startTour();
  }

  @AfterAll
  static void stop() {
    tour.descendants().forEach(ProcessHandle::destroyForcibly);
    tour.destroyForcibly();
    instances.close();
  }

  private static ConsoleExample example() throws IOException {
    return ConsoleExample.of(
        Path.of("docs/operations.md"), "### From sign-up to the verified receipt");
  }

  /** Replaces only the ports, and the jar, which this build creates after the tests. */
  private static Process startTour() throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var jar = ClassPathJar.create(folder.resolve("partywall.jar"), Main.class);
    var commands =
        String.join("\n", example().commands())
            .replace("127.0.0.1:9000", URI.create(instances.fixture.issuer.name()).getAuthority())
            .replace("127.0.0.1:8080", "127.0.0.1:" + instances.ports().getFirst())
            .replace("127.0.0.1:9090", "127.0.0.1:" + instances.managementPort(0))
            .replace("java -jar target/partywall.jar", java + " -jar " + jar);
    Files.createDirectories(folder.resolve("target"));
    return new ProcessBuilder("bash", "-c", commands)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  @Test
  void theTourInTheDocumentationPrintsTheDocumentedOutput() throws Exception {
    assertTrue(tour.waitFor(90, TimeUnit.SECONDS));
    assertEquals(
        withoutTimes(example().output()),
        withoutTimes(Files.readAllLines(folder.resolve("output"))));
  }

  private static String withoutTimes(List<String> lines) {
    return TIME.matcher(String.join("\n", lines)).replaceAll("<time>");
  }

  @Test
  void aDeletedTenantIsRejectedOnEveryInstanceAndItsItemsAreCounted() throws Exception {
    var tenant = "{\"id\":\"acme\",\"name\":\"Acme\",\"tier\":\"free\"}";
    assertEquals(201, operator("POST", "", tenant, "Content-Type: application/json").status());
    var token = instances.fixture.token("acme", "alice");
    for (var i = 0; i < 3; i++) {
      assertEquals(201, placeOrder(token, i).status());
    }
    assertEquals(200, call(1, "GET", "/orders", token, "").status());

    var start = System.nanoTime();
    var deleted = operator("DELETE", "/acme?retention=PT0S", "", "If-Match: \"1\"");
    assertEquals(202, deleted.status(), deleted::text);
    for (var instance = 0; instance < 2; instance++) {
      awaitRejection(instance, token);
    }
    var delay = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(delay.compareTo(MAX_DELAY) < 0, delay::toString);
    await(() -> "offboarded".equals(read().path("status").textValue()));
    await(() -> call(1, "GET", "/orders", token, "").text().contains("unknown-tenant"));
    assertReceipt();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "the condition is not met after 60 s");
      Thread.sleep(PAUSE);
    }
  }

  private static void awaitRejection(int instance, String token) throws Exception {
    await(() -> call(instance, "GET", "/orders", token, "").status() == 403);
  }

  private static void assertReceipt() throws IOException {
    var jws = operator("GET", "/acme/receipt", "").text();
    var payload = Json.parse(Base64.getUrlDecoder().decode(jws.split("\\.", -1)[1]));
    assertEquals("olga", payload.path("requestedBy").textValue());
    assertEquals(
        "[{\"name\":\"%sorders\",\"collections\":{\"mark\":3,\"order\":3},\"expiring\":3}]"
            .formatted(instances.fixture.prefix),
        payload.path("tables").toString());
    var receipt = Files.writeString(folder.resolve("acme.jws"), jws);
    var keySet = instances.management(1, "/.well-known/partywall-keys.json");
    var keys = Files.writeString(folder.resolve("keys.json"), keySet);
    var out = new ByteArrayOutputStream();
    var status =
        VerifyReceipt.run(
            List.of(receipt.toString(), "--keys", keys.toString()),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            System.err);
    var line = out.toString(StandardCharsets.UTF_8);
    assertEquals(0, status, line);
    assertTrue(line.contains(": valid: tenant acme, incarnation 1: "), line);
    assertTrue(line.contains(", 9 items deleted from "), line);
  }

  private static JsonNode read() throws IOException {
    return Json.parse(operator("GET", "/acme", "").text().getBytes(StandardCharsets.UTF_8));
  }

  private static RawResponse placeOrder(String token, int number) throws IOException {
    return call(
        number % 2,
        "POST",
        "/orders",
        token,
        ORDER,
        "Content-Type: application/json",
        "Idempotency-Key: \"" + number + "\"");
  }

  private static RawResponse operator(String method, String path, String body, String... fields)
      throws IOException {
    return call(0, method, "/tenants" + path, instances.operator(), body, fields);
  }

  private static RawResponse call(
      int instance, String method, String path, String token, String body, String... fields)
      throws IOException {
    try (var client = new RawClient(instances.ports().get(instance))) {
      return send(client, method, path, token, body, fields);
    }
  }
}
