package dev.partywall.observability.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifies logs in the formats of log drivers, and rejects invalid arguments. */
class AuditFilesTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final AuditChains chains = new AuditChains(() -> Instant.parse("2026-11-23T23:00:00Z"));

  @TempDir Path folder;

  private record Outcome(int status, String out, String err) {}

  @Test
  void readsTheFilesOfDockersLogDriver() throws Exception {
    var lines = new ArrayList<String>();
    for (var line : chains.chain(1, 5, true)) {
      var half = line.length() / 2; // Docker splits a line of more than 16 KiB
      lines.add(docker(line.substring(0, half), "stdout"));
      lines.add(docker("Picked up JAVA_TOOL_OPTIONS\n", "stderr"));
      lines.add(docker(line.substring(half) + "\n", "stdout"));
    }
    var intact = verify(lines);
    assertEquals(AuditVerifier.INTACT, intact.status, intact::toString);
    assertTrue(intact.out.endsWith("7 entries in 1 chains, 0 faults\n"), intact::toString);
    assertEquals("", intact.err);

    lines.replaceAll(line -> line.replace("alice", "mallo"));
    var changed = verify(lines);
    assertEquals(AuditVerifier.CORRUPT, changed.status, changed::toString);
    assertTrue(changed.out.startsWith(file() + ":6: changed: entry 1 of "), changed::toString);
  }

  private static String docker(String text, String stream) throws IOException {
    return "{\"log\":%s,\"stream\":\"%s\",\"time\":\"2026-11-28T08:00:00.000000001Z\"}"
        .formatted(JSON.writeValueAsString(text), stream);
  }

  @Test
  void namesALogFormatThatItDoesNotRead() throws Exception {
    var entry = JSON.writeValueAsString(chains.chain(1, 1, true).getFirst());
    var reason =
        ":2: the audit entry is a text inside another document, in a format that this command does"
            + " not read. Extract the service's lines first.\n";
    assertEquals(
        new Outcome(
            AuditVerifier.NOTHING_TO_VERIFY, "0 entries in 0 chains, 0 faults\n", file() + reason),
        verify(List.of("{}", "{\"message\":" + entry + "}", "{\"message\":" + entry + "}")));
  }

  @Test
  void doesNotAcceptFilesOfWhichItCannotReadSomeEntries() throws Exception {
    var lines = new ArrayList<>(chains.chain(1, 1, true));
    lines.add("{\"message\":" + JSON.writeValueAsString(chains.chain(2, 1, true).getFirst()) + "}");
    var unread = verify(lines);
    assertEquals(AuditVerifier.NOTHING_TO_VERIFY, unread.status, unread::toString);
    assertTrue(unread.out.endsWith("3 entries in 1 chains, 0 faults\n"), unread::toString);
    assertEquals(
        file()
            + ":4: the audit entry is a text inside another document, in a format that this command"
            + " does not read. Extract the service's lines first.\n",
        unread.err);

    lines.remove(1);
    assertEquals(AuditVerifier.CORRUPT, verify(lines).status);
  }

  @Test
  void reportsThatTheFilesContainNoEntry() throws Exception {
    assertEquals(
        new Outcome(
            AuditVerifier.NOTHING_TO_VERIFY,
            "0 entries in 0 chains, 0 faults\n",
            "The files contain no audit entry (\"logger\":\"audit\").\n"),
        verify(List.of("{}", docker("cut", "stdout"))));
  }

  @Test
  void namesTheReasonForARejectedCommand() {
    assertEquals(
        new Outcome(AuditVerifier.NOTHING_TO_VERIFY, "", "FILE: at least one is required\n"),
        run());
    assertEquals(
        new Outcome(
            AuditVerifier.NOTHING_TO_VERIFY,
            "",
            "--follow: is unknown; the arguments are the paths of log files\n"),
        run(file(), "--follow"));
  }

  private String file() {
    return folder.resolve("log").toString();
  }

  private Outcome verify(List<String> lines) throws IOException {
    Files.write(Path.of(file()), lines, StandardCharsets.ISO_8859_1);
    return run(file());
  }

  private static Outcome run(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var status =
        new AuditVerifier()
            .run(
                List.of(args),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
