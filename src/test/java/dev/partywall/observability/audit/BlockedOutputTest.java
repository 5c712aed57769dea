package dev.partywall.observability.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import dev.partywall.http.Body;
import dev.partywall.http.Headers;
import dev.partywall.http.Match;
import dev.partywall.http.Request;
import dev.partywall.http.RequestTarget;
import dev.partywall.http.Response;
import dev.partywall.http.Route;
import dev.partywall.observability.log.BlockingOutput;
import dev.partywall.observability.log.CapturedLog;
import dev.partywall.observability.log.JsonLoggerFactory;
import dev.partywall.observability.trace.TraceIds;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests the audit log while standard output is blocked. */
@Timeout(60)
class BlockedOutputTest {
  private static final InstantSource CLOCK = InstantSource.fixed(CapturedLog.NOW);

  private final BlockingOutput sink = new BlockingOutput();
  private final JsonLoggerFactory log = sink.log(CLOCK, 10_000);
  private final AuditWriter chain =
      new AuditWriter(log.reservedOutput(), TraceIds.ofThreadLocalRandom(), CLOCK);
  private final AuditLog auditLog = new AuditLog(chain, CLOCK, Duration.ZERO, Duration.ZERO);
  private final AuditFilter audit = new AuditFilter(auditLog, Set.of("/proofs/{id}"));
  private int changes;

  @TempDir Path folder;

  @BeforeEach
  void fillTheBuffer() {
    while (chain.awaitCapacity(Duration.ZERO)) {
      change();
    }
  }

  @Test
  void rejectsAChangeBeforeItIsMadeAndWritesAllCompletedChanges() throws Exception {
    var completed = changes;
    var rejected = assertThrows(ApiException.class, this::change);
    assertInstanceOf(ApiError.Unavailable.class, rejected.error());
    assertEquals(completed, changes);
    sink.open();
    assertTrue(chain.awaitCapacity(Duration.ofSeconds(30)));
    change();
    assertEquals(0, log.droppedLines());
    assertEquals(AuditVerifier.INTACT, verify());
    assertEquals(changes, sink.lines().stream().filter(line -> line.contains("done")).count());
  }

  @Test
  void allEntriesAreInTheOutputAfterTheWait() throws Exception {
    var rejected = assertThrows(ApiException.class, auditLog::requireWritten);
    assertInstanceOf(ApiError.Unavailable.class, rejected.error());
    sink.open();
    new AuditLog(chain, CLOCK).requireWritten();
    assertEquals(changes, sink.lines().stream().filter(line -> line.contains("done")).count());
  }

  /** The space that a check has found can be used by others before the entry. */
  @Test
  void theEntryOfAStepIsNotDropped() throws Exception {
    auditLog.announceStep("DELETE /things/{id}", "/things/7", "proceeded", new LinkedHashMap<>());
    assertThrows(ApiException.class, auditLog::requireWritten);
    sink.open();
    new AuditLog(chain, CLOCK).requireWritten();
    assertEquals(1, sink.lines().stream().filter(line -> line.contains("\"proceeded\"")).count());
    assertEquals(AuditVerifier.INTACT, verify());
  }

  @Test
  void servesOnlyReadsThatAreNotRecorded() {
    assertEquals(200, audit.filter(request("GET"), _ -> Response.of(200)).status());
    var recorded = request("GET").with(new Match.Found(route("GET", "/proofs/{id}"), Map.of()));
    var rejected =
        assertThrows(ApiException.class, () -> audit.filter(recorded, _ -> Response.of(200)));
    assertInstanceOf(ApiError.Unavailable.class, rejected.error());
  }

  @Test
  void countsADroppedRejectionAndLeavesAGap() throws Exception {
    auditLog.recordRejection("GET /things/{id}", "/things/7", "expired");
    assertEquals(1, log.droppedLines());
    sink.open();
    assertTrue(chain.awaitCapacity(Duration.ofSeconds(30)));
    change();
    assertEquals(AuditVerifier.CORRUPT, verify());
  }

  /** A step can outlast the wait for it at the end of the service. */
  @Test
  void noStepFollowsTheEndOfTheChain() throws Exception {
    sink.open();
    auditLog.close(Duration.ofSeconds(30));
    var rejected =
        assertThrows(
            ApiException.class,
            () ->
                auditLog.announceStep(
                    "DELETE /things/{id}", "/things/7", "proceeded", new LinkedHashMap<>()));
    assertInstanceOf(ApiError.Unavailable.class, rejected.error());
    assertEquals(AuditVerifier.INTACT, verify());
    assertTrue(sink.lines().getLast().contains("\"action\":\"end\""));
  }

  @Test
  void closesWithinTheTimeout() throws Exception {
    auditLog.close(Duration.ofMillis(1));
    sink.open();
    assertEquals(AuditVerifier.INTACT, verify());
    assertFalse(sink.lines().getLast().contains("\"action\":\"end\""));
  }

  private void change() {
    audit.filter(
        request("PUT"),
        _ -> {
          changes++;
          return Response.of(204);
        });
  }

  private static Route route(String method, String template) {
    return Route.open(method, template, _ -> Response.of(200));
  }

  private static Request request(String method) {
    return Request.of(
            method, new RequestTarget("/things/7", List.of(), Map.of()), Headers.NONE, Body.NONE)
        .with(new Match.Found(route(method, "/things/{id}"), Map.of()));
  }

  private int verify() throws Exception {
    assertTrue(log.flush(Duration.ofSeconds(30)));
    var file = Files.write(folder.resolve("log"), sink.lines(), StandardCharsets.ISO_8859_1);
    var discarded = new PrintStream(new ByteArrayOutputStream());
    return new AuditVerifier().run(List.of(file.toString()), discarded, discarded);
  }
}
