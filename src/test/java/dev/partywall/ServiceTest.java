package dev.partywall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.http.RawClient;
import dev.partywall.http.RawClient.Answer;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service with all that it sells, from the outside. */
@ExtendWith(LocalDynamo.Shared.class)
class ServiceTest {
  private static Premises premises;
  private static OwnProcess service;

  @BeforeAll
  static void start(LocalDynamo dynamo) throws Exception {
    premises = new Premises(dynamo);
    service = new OwnProcess(premises.environment()).awaitReady();
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
    premises.close();
  }

  @Test
  void anybodyMayReadWhatCanBeAskedHere() throws IOException {
    var described = ask("GET", "/openapi.json", "");
    assertEquals(200, described.status());
    assertTrue(described.text().contains("\"openapi\": \"3.1.0\""));
    var head = ask("HEAD", "/openapi.json", "");
    assertEquals(200, head.status());
    assertEquals(described.field("Content-Length"), head.field("Content-Length"));
    assertEquals("", head.text());
  }

  @ParameterizedTest
  @CsvSource({
    "/openapi.json, 'GET, HEAD, OPTIONS'",
    "/orders, 'GET, HEAD, OPTIONS, POST'",
    "/orders/x, 'DELETE, GET, HEAD, OPTIONS, PUT'",
    "/usage, 'GET, HEAD, OPTIONS'",
  })
  void anybodyMayAskForTheMethodsOfAPath(String path, String allow) throws IOException {
    var answer = ask("OPTIONS", path, "");
    assertEquals(204, answer.status());
    assertEquals(Optional.of(allow), answer.field("Allow"));
    assertEquals(Optional.of(allow), ask("PATCH", path, bearer()).field("Allow"));
  }

  @ParameterizedTest
  @CsvSource({
    "POST,    /openapi.json, 405, 405",
    "GET,     /orders,       401, 200",
    "HEAD,    /orders,       401, 200",
    "PATCH,   /orders,       401, 405",
    "BREW,    /orders/x,     401, 405",
    "GET,     /orders/x,     401, 404",
    "HEAD,    /orders/x,     401, 404",
    "GET,     /nowhere,      401, 404",
    "OPTIONS, /nowhere,      401, 404",
    "GET,     /usage,        401, 403",
  })
  void aTokenIsAskedForWhereverItIsNeeded(String method, String path, int without, int with)
      throws IOException {
    assertEquals(without, ask(method, path, "").status());
    var answer = ask(method, path, bearer());
    assertEquals(with, answer.status());
    assertEquals(with == 405, answer.field("Allow").isPresent());
  }

  @Test
  void aTokenInThePathIsNotToldAgain() throws IOException {
    var token = premises.token("acme", "alice");
    for (var path : new String[] {"/orders/" + token, "/" + token + "?access_token=" + token}) {
      var answer = ask("GET", path, "");
      assertEquals(401, answer.status());
      assertTrue(answer.text().contains("[token]"), answer::text);
      assertFalse(answer.toString().contains(token), answer::text);
    }
  }

  private static String bearer() {
    return "Authorization: Bearer " + premises.token("acme", "alice") + "\r\n";
  }

  private static Answer ask(String method, String target, String fields) throws IOException {
    var head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    try (var client = new RawClient(service.port())) {
      client.send(head.getBytes(StandardCharsets.ISO_8859_1));
      return method.equals("HEAD") ? client.readHead() : client.read();
    }
  }
}
