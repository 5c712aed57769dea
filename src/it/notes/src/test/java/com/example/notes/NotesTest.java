package com.example.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.testkit.TestRequest;
import dev.partywall.testkit.TestResponse;
import dev.partywall.testkit.TestService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotesTest {
  private static final String SCOPES = "notes:read notes:write usage:read";

  @RegisterExtension static final TestService service = TestService.of(NoteRoutes::of);

  private static String path(TestResponse created) {
    assertEquals(201, created.status(), created.text());
    return created.header("Location").orElseThrow();
  }

  @Test
  void readsACreatedNote() {
    var alice = service.as("acme", "alice", SCOPES);
    var path = path(alice.post("/notes", "{\"text\":\"call the mason\"}"));
    var note = alice.get(path);
    assertEquals(200, note.status());
    assertEquals("call the mason", note.json().path("text").asText());
    assertEquals("/notes/" + note.json().path("id").asText(), path);
    var etag = note.header("ETag").orElseThrow();
    assertEquals("\"1\"", etag);
    var again = alice.send(TestRequest.of("GET", path).with("If-None-Match", etag));
    assertEquals(304, again.status());
  }

  @Test
  void listsNotesInPagesNewestFirst() {
    var alice = service.as("lists", "alice", SCOPES);
    for (var text : new String[] {"first", "second", "third"}) {
      path(alice.post("/notes", "{\"text\":\"" + text + "\"}"));
    }
    var page = alice.get("/notes?limit=2").json();
    assertEquals(2, page.path("notes").size());
    assertEquals("third", page.path("notes").path(0).path("text").asText());
    assertEquals("second", page.path("notes").path(1).path("text").asText());
    var last = alice.get("/notes?limit=2&cursor=" + page.path("next").asText()).json();
    assertEquals(1, last.path("notes").size());
    assertEquals("first", last.path("notes").path(0).path("text").asText());
    assertEquals(false, last.has("next"));
  }

  @Test
  void createsANoteOncePerIdempotencyKey() {
    var alice = service.as("acme", "alice", SCOPES);
    var request =
        TestRequest.of("POST", "/notes")
            .withJson("{\"text\":\"once\"}")
            .with("Idempotency-Key", "\"k-1\"");
    var path = path(alice.send(request));
    assertEquals(path, path(alice.send(request)));
    var other = request.withJson("{\"text\":\"twice\"}");
    assertEquals(422, alice.send(other).status());
    assertNotEquals(path, path(alice.send(request.with("Idempotency-Key", "\"k-2\""))));
  }

  @Test
  void updatesOnlyTheVersionThatTheCallerHasRead() {
    var alice = service.as("acme", "alice", SCOPES);
    var path = path(alice.post("/notes", "{\"text\":\"one\"}"));
    var update = TestRequest.of("PUT", path).withJson("{\"text\":\"two\"}");
    assertEquals(428, alice.send(update).status());
    var updated = alice.send(update.with("If-Match", "\"1\""));
    assertEquals(200, updated.status());
    assertEquals("\"2\"", updated.header("ETag").orElseThrow());
    assertEquals(412, alice.send(update.with("If-Match", "\"1\"")).status());
    assertEquals("two", alice.get(path).json().path("text").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"text\":1}", "{\"text\":null}", "[]", "{\"text\":\"\\u0000\"}"})
  void rejectsANoteWithoutAText(String body) {
    var alice = service.as("acme", "alice", SCOPES);
    var problem = alice.post("/notes", body);
    assertEquals(422, problem.status());
    assertEquals("/text", problem.json().path("errors").path(0).path("pointer").asText());
  }

  @Test
  void rejectsAnUnknownMember() {
    var alice = service.as("acme", "alice", SCOPES);
    assertEquals(400, alice.post("/notes", "{\"text\":\"a\",\"txet\":\"b\"}").status());
  }

  @Test
  void requiresAScope() {
    var reader = service.as("acme", "bob", "notes:read");
    assertEquals(403, reader.post("/notes", "{\"text\":\"a\"}").status());
    assertEquals(401, service.withoutToken().get("/notes").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/notes/01J00000000000000000000000", "/notes/a%23b", "/notes/%20"})
  void returns404ForAnUnknownNote(String path) {
    assertEquals(404, service.as("acme", "alice", SCOPES).get(path).status());
  }
}
