package dev.partywall.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.memos.LeakyMemos;
import dev.partywall.memos.LeakyMemos.Leak;
import dev.partywall.notes.NoteRoutes;
import dev.partywall.orders.OrderRoutes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check passes isolated services, and detects each kind of fault in others. */
class IsolationCheckTest {
  private static final LeakyMemos memos = new LeakyMemos();

  @RegisterExtension static final TestService leaky = TestService.of(memos::of);

  @RegisterExtension
  static final TestService products = TestService.of(NoteRoutes::of, OrderRoutes::of);

  private static final String SCOPES = "memos:read memos:write usage:read";

  private static String location(TestResponse created) {
    assertEquals(201, created.status(), created::text);
    return created.header("Location").orElseThrow();
  }

  /** Returns a check after the first tenant has used every operation. */
  private static IsolationCheck exercised() {
    var isolation = leaky.isolation(SCOPES);
    var first = isolation.first();
    first.post("/memos", "{\"text\":\"the \\\"key\\\" is under the mat\"}");
    var unique = TestRequest.of("POST", "/memos").with("Idempotency-Key", "\"key-1\"");
    location(first.send(unique.withJson("{\"text\":\"sent once\"}")));
    var replaced = location(first.post("/memos", "{\"text\":\"to be replaced\"}"));
    assertEquals(200, first.put(replaced, "{\"text\":\"call the mason\"}").status());
    var deleted = location(first.post("/memos", "{\"text\":\"to be deleted\"}"));
    assertEquals(204, first.delete(deleted).status());
    isolation.second().post("/memos", "{\"text\":\"of the second tenant\"}");
    return isolation;
  }

  @Test
  void acceptsNotesAndOrders() {
    var scopes = "notes:read notes:write orders:read orders:write usage:read";
    var isolation = products.isolation(scopes);
    for (var client : List.of(isolation.first(), isolation.second())) {
      var text = client == isolation.first() ? "call the mason" : "paint the wall";
      location(client.post("/notes", "{\"text\":\"" + text + "\"}"));
      var order =
          """
          {"currency":"EUR","items":[{"sku":"A-1","name":"%s","quantity":2,"unitPrice":990}]}\
          """
              .formatted(text);
      var place = TestRequest.of("POST", "/orders").withJson(order);
      var path = location(client.send(place.with("Idempotency-Key", "\"key-1\"")));
      var deleted = location(client.post("/orders", order));
      var update = TestRequest.of("PUT", path).with("If-Match", "\"1\"");
      var paid = order.replaceFirst("\\{", "{\"status\":\"paid\",");
      assertEquals(200, client.send(update.withJson(paid)).status());
      assertEquals(204, client.delete(deleted).status());
      assertEquals(200, client.get("/orders?limit=1&status=paid").status());
    }
    isolation.assertNoLeak();
  }

  @Test
  void reportsOperationsWithoutASuccessfulRequest() {
    memos.become(Leak.NONE);
    var isolation = leaky.isolation(SCOPES.replace(" usage:read", ""));
    location(isolation.first().post("/memos", "{\"text\":\"call the mason\"}"));
    var error = assertThrows(AssertionError.class, isolation::assertNoLeak);
    assertEquals(
        """
        The tenants are not isolated:
        not exercised: no request of the first tenant succeeded: PUT /memos/{id}
        not exercised: no request of the first tenant succeeded: DELETE /memos/{id}
        not exercised: no request of the first tenant succeeded: GET /usage\
        """,
        error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "01M85M7R2RA6QPXCGNR3BZ98YX, 01M85M7R2RA6QPXCGNS4CG09ZY",
    "6f1c2a9e-1b2c-4d5e-8f90-a1b2c3d4e5f9, 6f1c2a9e-1b2c-4d5e-8f90-a1b2d4e5f6a0",
    "9, 0",
    "brick-99, csidm-00",
    "---, ---0",
  })
  void anAbsentIdHasTheSameForm(String id, String absent) {
    assertEquals(absent, SecondTenant.nonexistent(id));
  }

  @Test
  void acceptsAServiceWithoutLeaks() {
    memos.become(Leak.NONE);
    exercised().assertNoLeak();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "READS_ITEMS_OF_ALL           | GET /memos/                 | the body contains \"call the mason\"",
        "LISTS_ITEMS_OF_ALL           | GET /memos:                 | the body contains \"call the mason\"",
        "REPLACES_ITEMS_OF_ALL        | the second tenant changed   | GET /memos/",
        "DELETES_ITEMS_OF_ALL         | the second tenant changed   | GET /memos/",
        "NAMES_THE_ID_OF_A_DUPLICATE  | POST /memos: the body contains \"0 | \"",
        "NAMES_A_TEXT_IN_A_HEADER     | GET /memos: a header contains | the \"key\" is under the mat",
        "ESCAPES_A_TEXT_IN_AN_ERROR   | GET /memos/                 | contains \"the \"key\" is under the mat\"",
        "REVEALS_EXISTENCE_BY_STATUS  | GET /memos/                 | status 403, not status 404",
        "REVEALS_EXISTENCE_BY_TEXT    | PUT /memos/                 | of another tenant",
        "REVEALS_EXISTENCE_BY_HEADER  | HEAD /memos/                | x-owner",
        "REPLAYS_RESPONSES_OF_ALL     | POST /memos: a header contains \"/memos/ | \"",
        "ACCEPTS_CURSORS_OF_ALL       | GET /memos?cursor=cursor-of-first | the body contains \"call the mason\"",
      })
  void detectsTheLeak(Leak leak, String call, String finding) {
    memos.become(leak);
    var isolation = exercised();
    isolation.first().get("/memos?cursor=none");
    var error = assertThrows(AssertionError.class, isolation::assertNoLeak);
    var findings = String.valueOf(error.getMessage()).lines().toList();
    assertTrue(
        findings.stream().anyMatch(line -> line.startsWith(call) && line.contains(finding)),
        error::getMessage);
  }
}
