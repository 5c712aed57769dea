package com.example.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.testkit.TestClient;
import dev.partywall.testkit.TestRequest;
import dev.partywall.testkit.TestService;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Attacks the fat jar, in a process of its own, against the enforcing local stack. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShippedNotesIT {
  private static final String SCOPES = "notes:read notes:write usage:read";

  @RegisterExtension
  static final TestService service = TestService.ofJar(Path.of("target/notes.jar"), "notes");

  @Test
  void aSecondTenantGetsNoByteOfTheFirstOnesNotes() {
    var isolation = service.isolation(SCOPES);
    var first = isolation.first();
    var path = create(first, "the key is under the mat");
    first.send(
        TestRequest.of("PUT", path)
            .withJson("{\"text\":\"the key is in the shed\"}")
            .with("If-Match", "\"1\""));
    create(first, "call the mason");
    create(isolation.second(), "a note of the neighbour");
    isolation.assertNoLeak();
  }

  @BeforeAll
  static void createCountedNotes() {
    var writer = service.as("counted", "alice", SCOPES);
    for (var i = 0; i < 5; i++) {
      create(writer, "note " + i);
    }
  }

  /** The usage can be 10 s late. */
  @Test
  @Order(Integer.MAX_VALUE) // the attacks take a part of this time
  void countsEachNoteOfTheTenantExactly() throws InterruptedException {
    var writer = service.as("counted", "alice", SCOPES);
    var end = System.nanoTime() + 10_000_000_000L;
    while (notesWritten(writer) != 5 && System.nanoTime() < end) {
      Thread.sleep(100);
    }
    assertEquals(5, notesWritten(writer));
    assertEquals(0, notesWritten(service.as("idle", "bob", SCOPES)));
  }

  private static long notesWritten(TestClient client) {
    return client.get("/usage").json().path("totals").path("notesWritten").asLong();
  }

  private static String create(TestClient client, String text) {
    var created = client.post("/notes", "{\"text\":\"" + text + "\"}");
    assertEquals(201, created.status(), created.text());
    return created.header("Location").orElseThrow();
  }
}
