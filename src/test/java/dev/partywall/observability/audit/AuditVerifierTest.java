package dev.partywall.observability.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.observability.log.CapturedLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

class AuditVerifierTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-23T23:00:00Z"));
  private final AuditChains chains = new AuditChains(now::get);
  private final ByteArrayOutputStream report = new ByteArrayOutputStream();

  @TempDir Path folder;

  @Test
  void acceptsAClosedChain() throws Exception {
    assertEquals(AuditVerifier.INTACT, verify(chains.chain(1, 5, true)));
    assertTrue(reports("closed after entry 6"));
    assertTrue(reports("7 entries in 1 chains, 0 faults"));
  }

  @Test
  void reportsAnOpenTail() throws Exception {
    assertEquals(AuditVerifier.INTACT, verify(chains.chain(1, 5, false)));
    assertTrue(reports("open"));
  }

  @Test
  void detectsARemovedLineAtAnyPosition() throws Exception {
    var lines = chains.chain(1, 20, true);
    for (var i = 1; i < lines.size() - 1; i++) {
      var cut = new ArrayList<>(lines);
      cut.remove(i);
      assertEquals(AuditVerifier.CORRUPT, verify(cut));
      assertTrue(reports("cut: entries %d to %d".formatted(i, i)), report::toString);
    }
  }

  @Test
  void reportsACutTailAsOpen() throws Exception {
    var lines = chains.chain(1, 20, true);
    for (var i = 1; i < lines.size(); i++) {
      assertEquals(AuditVerifier.INTACT, verify(lines.subList(0, i)));
      assertTrue(reports("open"));
      assertTrue(reports("after entry " + (i - 1)));
    }
  }

  @Test
  void acceptsAndReportsAChainThatStartsInAnOlderFile() throws Exception {
    var lines = chains.chain(1, 20, true);
    for (var i = 1; i < lines.size(); i++) {
      assertEquals(AuditVerifier.INTACT, verify(lines.subList(i, lines.size())), report::toString);
      assertTrue(reports("starts before these files, first entry here is " + i));
      assertTrue(reports("closed after entry 21"));
    }
  }

  @Test
  void acceptsRotatedFilesInAnyOrderAndSplitAnywhere() throws Exception {
    var lines = chains.chain(1, 20, true);
    for (var i = 1; i < lines.size() - 1; i++) {
      var older = lines.subList(0, i);
      var middle = lines.subList(i, i + 1);
      var newer = lines.subList(i + 1, lines.size());
      assertEquals(AuditVerifier.INTACT, verify(newer, older, middle), report::toString);
      assertFalse(reports("starts before"));
      assertEquals(AuditVerifier.INTACT, verify(newer, middle), report::toString);
      assertTrue(reports("starts before these files, first entry here is " + i));
    }
  }

  @Test
  void detectsAMissingFileBetweenTwoOthers() throws Exception {
    var lines = chains.chain(1, 20, true);
    assertEquals(AuditVerifier.CORRUPT, verify(lines.subList(9, 22), lines.subList(2, 5)));
    assertTrue(reports("cut: entries 5 to 8"), report::toString);
  }

  @Test
  void detectsAForgedEntryAtTheEdgeOfAFile() throws Exception {
    var lines = chains.chain(1, 20, true);
    var older = new ArrayList<>(lines.subList(0, 5));
    older.set(4, AuditChains.forged(older.get(4)));
    assertEquals(AuditVerifier.CORRUPT, verify(lines.subList(5, 22), older));
    assertTrue(reports("changed: entry 5 of chain"), report::toString);
  }

  @Test
  void detectsAFileGivenTwice() throws Exception {
    var lines = chains.chain(1, 5, true);
    assertEquals(AuditVerifier.CORRUPT, verify(lines, lines));
    assertTrue(reports("repeated: entry 0"), report::toString);
  }

  @Test
  void checksAHeadAgainstThePreviousFile() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditWriter(log.factory().reservedOutput(), AuditChains.ids(1), now::get);
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    chain.publishHead();
    var lines = log.rawLines();
    assertEquals(AuditVerifier.INTACT, verify(lines.subList(2, 3), lines.subList(0, 2)));
    assertEquals(AuditVerifier.CORRUPT, verify(lines.subList(2, 3), lines.subList(0, 1)));
    assertTrue(
        reports("had reached entry 1, but ends at entry 0 in these files"), report::toString);
    assertEquals(AuditVerifier.NOTHING_TO_VERIFY, verify(lines.subList(2, 3)));
    assertTrue(reports("no entries in these files"));
  }

  @Test
  void detectsALongerForgedChainByAStoredHead() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditWriter(log.factory().reservedOutput(), AuditChains.ids(1), now::get);
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    chain.publishHead();
    var stored = log.rawLines().subList(2, 3);
    assertEquals(AuditVerifier.INTACT, verify(stored, log.rawLines().subList(0, 2)));
    var forged = chains.chain(1, 5, true);
    assertEquals(AuditVerifier.CORRUPT, verify(stored, forged));
    assertTrue(reports("entry 1 of chain"), report::toString);
  }

  @Test
  void detectsACutTailByAStoredHead() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditWriter(log.factory().reservedOutput(), AuditChains.ids(1), now::get);
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    chain.publishHead();
    chain.publishHead();
    var lines = log.rawLines();
    assertEquals(3, lines.size());
    assertEquals(AuditVerifier.INTACT, verify(lines));
    assertEquals(AuditVerifier.CORRUPT, verify(List.of(lines.get(0), lines.get(2))));
    assertTrue(reports("had reached entry 1, but ends at entry 0 in these files"));
  }

  @Test
  void detectsAForgedChainByAStoredHead() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditWriter(log.factory().reservedOutput(), AuditChains.ids(1), now::get);
    chain.publishHead();
    var stored = log.rawLines().get(1);
    now.set(Instant.parse("2026-11-23T23:30:00Z"));
    var forged = new CapturedLog(now::get);
    var _ = new AuditWriter(forged.factory().reservedOutput(), AuditChains.ids(1), now::get);
    assertEquals(AuditVerifier.CORRUPT, verify(List.of(forged.rawLines().getFirst(), stored)));
    assertTrue(reports("differs from its published head"), report::toString);
  }

  @Test
  void detectsAChangedCharacterAtAnyPosition() throws Exception {
    var lines = chains.chain(1, 3, true);
    var line = lines.get(2);
    for (var i = 0; i < line.length(); i++) {
      var changed = new ArrayList<>(lines);
      changed.set(2, line.substring(0, i) + (char) (line.charAt(i) ^ 1) + line.substring(i + 1));
      assertEquals(AuditVerifier.CORRUPT, verify(changed), changed.get(2));
    }
  }

  @Test
  void detectsAForgedEntryByTheNextEntry() throws Exception {
    var lines = new ArrayList<>(chains.chain(1, 3, true));
    lines.set(2, AuditChains.forged(lines.get(2)));
    assertEquals(AuditVerifier.CORRUPT, verify(lines));
    assertTrue(reports("changed: entry 3 of chain"));
  }

  @Test
  void acceptsEntriesWithTheFieldNamesOfEarlierReleases() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditWriter(log.factory().reservedOutput(), AuditChains.ids(1), now::get);
    var fields =
        List.of(
            new KeyValuePair("thing", "partywall-orders"),
            new KeyValuePair("outcome", "refused"),
            new KeyValuePair("reason", "wall"));
    chain.append(Level.ERROR, "GetItem", fields);
    chain.close();
    assertEquals(AuditVerifier.INTACT, verify(log.rawLines()), report::toString);
    assertTrue(reports("3 entries in 1 chains, 0 faults"));
  }

  @Test
  void detectsSwappedLines() throws Exception {
    var lines = chains.chain(1, 8, true);
    for (var i = 0; i < lines.size() - 1; i++) {
      var swapped = new ArrayList<>(lines);
      Collections.swap(swapped, i, i + 1);
      assertEquals(AuditVerifier.CORRUPT, verify(swapped));
      assertTrue(reports("reordered"));
    }
  }

  @Test
  void detectsARepeatedLine() throws Exception {
    var lines = new ArrayList<>(chains.chain(1, 3, true));
    lines.add(3, lines.get(2));
    assertEquals(AuditVerifier.CORRUPT, verify(lines));
  }

  @Test
  void detectsAnEntryOutsideAnyChain() throws Exception {
    var log = new CapturedLog();
    log.logger("audit").info("alice may do everything");
    assertEquals(AuditVerifier.CORRUPT, verify(log.rawLines()));
    assertTrue(reports("outside any chain"));
  }

  @Test
  void ignoresOtherLinesOtherProcessesAndPrefixes() throws Exception {
    var one = chains.chain(1, 10, true);
    var two = chains.chain(2, 10, true);
    var log = new CapturedLog();
    log.logger("some").info("\"logger\":\"audit\"");
    var mixed = new ArrayList<String>();
    for (var i = 0; i < one.size(); i++) {
      mixed.addAll(List.of(one.get(i), "no JSON", "2026-11-23T23:00:00Z stdout F " + two.get(i)));
      mixed.addAll(log.rawLines());
    }
    assertEquals(AuditVerifier.INTACT, verify(mixed), report::toString);
    assertTrue(reports("24 entries in 2 chains"));
  }

  @Test
  void verifiesEachDaySeparatelyAndItsLinkToThePreviousDay() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditWriter(log.factory().reservedOutput(), AuditChains.ids(1), now::get);
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    now.set(Instant.parse("2026-11-24T00:00:01Z"));
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    chain.close();
    var lines = log.rawLines();
    var first = lines.subList(0, 3);
    var second = lines.subList(3, lines.size());
    assertEquals(AuditVerifier.INTACT, verify(second));
    assertEquals(AuditVerifier.INTACT, verify(first));
    assertTrue(reports("continued in a chain that is not in these files"));
    assertEquals(AuditVerifier.INTACT, verify(lines));
    assertTrue(reports("continued in the next chain"));
    assertEquals(AuditVerifier.CORRUPT, verify(lines.subList(0, 2), second));
    assertTrue(reports("entry 0 of chain"));
  }

  @Test
  void reportsThatFilesContainNoEntry() throws Exception {
    assertEquals(AuditVerifier.NOTHING_TO_VERIFY, verify(List.of("{}")));
    assertEquals(
        AuditVerifier.NOTHING_TO_VERIFY,
        new AuditVerifier()
            .run(List.of(folder.resolve("absent").toString()), discarded(), discarded()));
  }

  @SafeVarargs
  private int verify(List<String>... contents) throws IOException {
    report.reset();
    var files = new ArrayList<String>();
    for (var lines : contents) {
      var file = folder.resolve("log" + files.size());
      Files.write(file, lines, StandardCharsets.ISO_8859_1);
      files.add(file.toString());
    }
    var out = new PrintStream(report, true, StandardCharsets.UTF_8);
    return new AuditVerifier().run(files, out, discarded());
  }

  private boolean reports(String text) {
    return report.toString(StandardCharsets.UTF_8).contains(text);
  }

  private static PrintStream discarded() {
    return new PrintStream(OutputStream.nullOutputStream());
  }
}
