package dev.partywall.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.notes.NoteRoutes;
import dev.partywall.storage.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of docs/testing.md. */
class TestKitExampleTest {
  @RegisterExtension static final TestService service = TestService.of(NoteRoutes::of);

  @Test
  void readsANote() {
    var alice = service.as("acme", "alice", "notes:read notes:write");
    var created = alice.post("/notes", "{\"text\":\"call the mason\"}");
    var note = alice.get(created.header("Location").orElseThrow());
    assertTrue(note.text().contains("call the mason"), note.text());
    assertEquals(401, service.withoutToken().get("/notes").status());
  }

  @Test
  void isolatesTenants() {
    var isolation = service.isolation("notes:read notes:write usage:read");
    isolation.first().post("/notes", "{\"text\":\"the key is under the mat\"}");
    isolation.second().post("/notes", "{\"text\":\"paint the wall\"}");
    isolation.assertNoLeak();
  }

  @RegisterExtension final BoundTenant tenant = new BoundTenant("initech");

  @Test
  void aNewTenantHasNoNotes() {
    var table = service.kernel().table();
    assertTrue(table.query(Query.all("note", 10)).items().isEmpty());
  }

  /** Each block of Java in the document is a part of this file. */
  @Test
  void theDocumentContainsTheseExamples() throws IOException {
    var document = Files.readString(Path.of("docs/testing.md"));
    var source =
        Files.readString(Path.of("src/test/java/dev/partywall/testkit/TestKitExampleTest.java"));
    var blocks = Pattern.compile("(?s)```java\n(.*?)```").matcher(document).results().toList();
    assertEquals(4, blocks.size());
    for (var block : blocks) {
      var code = block.group(1).replaceAll("(?m)^(?=.)", "  ");
      assertTrue(source.contains(code), code);
    }
  }
}
