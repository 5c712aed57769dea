package dev.partywall.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.notes.NoteRoutes;
import dev.partywall.storage.Key;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services in this process, with different names, tables and AWS roles. */
class TestServiceTest {
  @RegisterExtension static final TestService notes = TestService.of(NoteRoutes::of);

  @RegisterExtension
  static final TestService memos =
      TestService.of(NoteRoutes::of).with("PARTYWALL_SERVICE", "memos");

  @RegisterExtension final BoundTenant tenant = new BoundTenant("initech");

  private static String write(TestService service, String user, String text) {
    var client = service.as("acme", user, "notes:read notes:write");
    var written = client.post("/notes", "{\"text\":\"" + text + "\"}");
    assertEquals(201, written.status(), written::text);
    var location = written.header("Location").orElseThrow();
    assertEquals("\"" + text + "\"", client.get(location).text());
    return location;
  }

  @Test
  void tenantsHaveSeparateData() {
    var location = write(notes, "alice", "call the mason");
    var globex = notes.as("globex", "bob", "notes:read");
    assertEquals(404, globex.get(location).status());
    assertEquals("[]", globex.get("/notes").text());
    assertEquals(403, globex.post("/notes", "{\"text\":\"x\"}").status());
  }

  /** Each with the role of its own table, in one process. */
  @Test
  void servicesHaveSeparateTables() {
    var location = write(notes, "alice", "only a note");
    write(memos, "alice", "only a memo");
    var client = memos.as("acme", "alice", "notes:read");
    assertEquals("[\"only a memo\"]", client.get("/notes").text());
    assertEquals(404, client.get(location).status());
  }

  @Test
  void rejectsCallersWithoutATokenOfTheIssuer() {
    assertEquals(401, notes.withoutToken().get("/notes").status());
    assertEquals(401, notes.withToken("abc").get("/notes").status());
    var operator = notes.asOperator("olga", "tenants:read").get("/notes");
    assertEquals(403, operator.status());
    assertTrue(operator.json().path("type").asText().endsWith("not-a-tenant"), operator::text);
  }

  @Test
  void theManagementPortReportsReadiness() {
    assertEquals(200, notes.withoutToken().get(notes.managementUri() + "/health/ready").status());
  }

  @Test
  void businessCodeReachesTheTableOfTheBoundTenant() {
    var location = write(notes, "alice", "not of initech");
    var id = location.substring(location.lastIndexOf('/') + 1);
    assertEquals(
        List.of(), Key.parse("note", id).flatMap(notes.kernel().table()::get).stream().toList());
  }
}
