package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.concurrent.Conditions;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.local.LocalDynamo;
import dev.partywall.notes.NoteRoutes;
import dev.partywall.operations.Health;
import dev.partywall.runtime.ServiceFixture;
import dev.partywall.service.Capability;
import dev.partywall.service.Offering;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tests a service in this process, with the tables and roles of the template for its name. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class PartywallTest {
  @TempDir Path folder;

  private final ServiceFixture fixture;

  PartywallTest(LocalDynamo dynamo) throws IOException {
    fixture = new ServiceFixture(dynamo, "notes");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void servesTheTenantsOfAnotherServiceUntilItIsClosed() throws Exception {
    int port;
    try (var service = start("a", NoteRoutes::of)) {
      port = service.port();
      var written = send(port, "POST", "/notes", token("acme"), "{\"text\":\"call the mason\"}");
      assertEquals(201, written.status(), written::text);
      var note = written.field("Location").orElseThrow();
      var read = send(port, "GET", note, token("acme"), "");
      assertEquals("\"call the mason\"", read.text());
      assertEquals(404, send(port, "GET", note, token("globex"), "").status());
    }
    assertThrows(ConnectException.class, () -> new RawClient(port).close());
  }

  @Test
  void problemsAndChallengesNameTheService() throws Exception {
    try (var service = start("a", NoteRoutes::of)) {
      var anonymous = send(service.port(), "GET", "/notes", "", "");
      assertEquals(401, anonymous.status());
      assertEquals(Optional.of("Bearer realm=\"notes\""), anonymous.field("WWW-Authenticate"));
      var type = "\"type\":\"https://partywall.dev/problems/notes/malformed\"";
      for (var port : List.of(service.port(), service.managementPort())) {
        var malformed = send(port, "GET", "/a/../b", token("acme"), "");
        assertTrue(malformed.text().contains(type), malformed::text);
      }
    }
  }

  /** Each service has its own declarations, metrics and journal. */
  @Test
  void severalServicesRunInOneProcess() throws Exception {
    try (var first = start("a", greeting("one"));
        var second = start("b", greeting("two"))) {
      assertEquals("one", send(first.port(), "GET", "/greeting", "", "").text());
      assertEquals("two", send(second.port(), "GET", "/greeting", "", "").text());
    }
  }

  @Test
  void closeWaitsForRequestsInFlight() throws Exception {
    var entered = new CountDownLatch(1);
    var release = new CompletableFuture<Response>();
    Capability slow =
        _ ->
            Offering.of(
                "notes",
                List.of(
                    Route.open(
                        "GET",
                        "/slow",
                        _ -> {
                          entered.countDown();
                          return release.join();
                        })));
    var service = start("a", slow);
    try (var client = new RawClient(service.port())) {
      client.send(
          "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      assertTrue(entered.await(30, TimeUnit.SECONDS));
      var closing = Thread.startVirtualThread(service::close);
      while (Health.check("127.0.0.1", service.managementPort()) == 0) {
        Conditions.pause();
      }
      assertTrue(closing.isAlive());
      release.complete(Response.of(204));
      assertEquals(204, client.read().status());
      closing.join();
    }
  }

  @Test
  void reportsAllFaultsOfTheConfiguration() {
    var variables =
        Map.of("PARTYWALL_PORT", "eighty", "PARTYWALL_SERVICE", "My notes", "AWS_REGION", "x");
    var failure =
        assertThrows(
            IllegalArgumentException.class, () -> Partywall.start(variables, NoteRoutes::of));
    assertEquals(
        List.of(
            "PARTYWALL_SERVICE",
            "PARTYWALL_PORT",
            "PARTYWALL_ISSUERS",
            "PARTYWALL_AUDIENCE",
            "PARTYWALL_TENANT_ROLE_ARN"),
        String.valueOf(failure.getMessage())
            .lines()
            .map(line -> line.substring(0, line.indexOf(':')))
            .toList());
  }

  @Test
  void requiresACapability() {
    var failure = assertThrows(IllegalArgumentException.class, () -> start("a"));
    assertEquals("A service requires at least one capability", failure.getMessage());
  }

  @Test
  void namesTheVariableOfAPortThatIsInUse() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var variables = variables("a");
      variables.put("PARTYWALL_PORT", String.valueOf(taken.getLocalPort()));
      var failure =
          assertThrows(
              UncheckedIOException.class, () -> Partywall.start(variables, NoteRoutes::of));
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("PARTYWALL_PORT: "), failure::toString);
    }
  }

  @Test
  void reportsAJournalThatAnotherServiceUses() throws Exception {
    try (var _ = start("a", NoteRoutes::of)) {
      var failure = assertThrows(IllegalArgumentException.class, () -> start("a", NoteRoutes::of));
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("PARTYWALL_JOURNAL_DIR: "),
          failure::toString);
    }
  }

  private static Capability greeting(String text) {
    var body = text.getBytes(StandardCharsets.UTF_8);
    var route = Route.open("GET", "/greeting", _ -> Response.of(200, "text/plain", body));
    return kernel -> {
      kernel.counter("greetings", "Greetings.");
      return Offering.of("notes", List.of(route));
    };
  }

  /** Starts a service with its own journal, and waits until it is ready. */
  private Partywall.Running start(String journal, Capability... capabilities) throws Exception {
    var service = Partywall.start(variables(journal), capabilities);
    while (Health.check("127.0.0.1", service.managementPort()) != 0) {
      Conditions.pause();
    }
    return service;
  }

  private Map<String, String> variables(String journal) {
    var variables = new HashMap<>(fixture.environment());
    variables.put("PARTYWALL_JOURNAL_DIR", folder.resolve(journal).toString());
    return variables;
  }

  private String token(String tenant) {
    var token = fixture.token(tenant, "alice", "notes:read notes:write");
    return "Authorization: Bearer " + token + "\r\n";
  }

  private static RawResponse send(
      int port, String method, String path, String authorization, String body) throws IOException {
    var message =
        (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + authorization)
            + ("Content-Type: application/json\r\nContent-Length: " + body.length())
            + ("\r\n\r\n" + body);
    try (var client = new RawClient(port)) {
      return client.send(message.getBytes(StandardCharsets.ISO_8859_1)).read();
    }
  }
}
