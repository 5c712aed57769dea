package dev.partywall.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

class AuditVerifierTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-23T23:00:00Z"));
  private final ByteArrayOutputStream words = new ByteArrayOutputStream();

  @TempDir Path folder;

  @Test
  void aClosedChainIsWhole() throws Exception {
    assertEquals(AuditVerifier.WHOLE, verify(chain(1, 5, true)));
    assertTrue(said("closed after entry 6"));
    assertTrue(said("7 entries in 1 chains, 0 faults"));
  }

  @Test
  void saysThatATailIsOpen() throws Exception {
    assertEquals(AuditVerifier.WHOLE, verify(chain(1, 5, false)));
    assertTrue(said("open"));
  }

  @Test
  void aLineCutAnywhereIsFound() throws Exception {
    var whole = chain(1, 20, true);
    for (var i = 1; i < whole.size() - 1; i++) {
      var cut = new ArrayList<>(whole);
      cut.remove(i);
      assertEquals(AuditVerifier.BROKEN, verify(cut));
      assertTrue(said("cut: entries %d to %d".formatted(i, i)), words::toString);
    }
  }

  @Test
  void aTailCutAnywhereShowsAsOpen() throws Exception {
    var whole = chain(1, 20, true);
    for (var i = 1; i < whole.size(); i++) {
      assertEquals(AuditVerifier.WHOLE, verify(whole.subList(0, i)));
      assertTrue(said("open"));
      assertTrue(said("after entry " + (i - 1)));
    }
  }

  @Test
  void aChainThatBeginsInAnOlderFileIsWholeAndSaidTo() throws Exception {
    var whole = chain(1, 20, true);
    for (var i = 1; i < whole.size(); i++) {
      assertEquals(AuditVerifier.WHOLE, verify(whole.subList(i, whole.size())), words::toString);
      assertTrue(said("begins before these files, here with entry " + i));
      assertTrue(said("closed after entry 21"));
    }
  }

  @Test
  void rotatedFilesAreWholeInAnyOrderAndWhereverTheyWereCut() throws Exception {
    var whole = chain(1, 20, true);
    for (var i = 1; i < whole.size() - 1; i++) {
      var older = whole.subList(0, i);
      var middle = whole.subList(i, i + 1);
      var newer = whole.subList(i + 1, whole.size());
      assertEquals(AuditVerifier.WHOLE, verify(newer, older, middle), words::toString);
      assertFalse(said("begins before"));
      assertEquals(AuditVerifier.WHOLE, verify(newer, middle), words::toString);
      assertTrue(said("begins before these files, here with entry " + i));
    }
  }

  @Test
  void aFileThatIsMissingBetweenTwoIsFound() throws Exception {
    var whole = chain(1, 20, true);
    assertEquals(AuditVerifier.BROKEN, verify(whole.subList(9, 22), whole.subList(2, 5)));
    assertTrue(said("cut: entries 5 to 8"), words::toString);
  }

  @Test
  void anEntryMadeAnewAtAFilesEdgeIsFound() throws Exception {
    var whole = chain(1, 20, true);
    var older = new ArrayList<>(whole.subList(0, 5));
    older.set(4, madeAnew(older.get(4)));
    assertEquals(AuditVerifier.BROKEN, verify(whole.subList(5, 22), older));
    assertTrue(said("changed: entry 5 of chain"), words::toString);
  }

  @Test
  void aFileThatIsGivenTwiceIsFound() throws Exception {
    var whole = chain(1, 5, true);
    assertEquals(AuditVerifier.BROKEN, verify(whole, whole));
    assertTrue(said("repeated: entry 0"), words::toString);
  }

  @Test
  void aHeadBehindARotationIsHeldAgainstTheFileBefore() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditChain(log.factory(), random(1), now::get);
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    chain.tellHead();
    var lines = log.raw();
    assertEquals(AuditVerifier.WHOLE, verify(lines.subList(2, 3), lines.subList(0, 2)));
    assertEquals(AuditVerifier.BROKEN, verify(lines.subList(2, 3), lines.subList(0, 1)));
    assertTrue(said("had come to entry 1, but here it ends at 0"), words::toString);
    assertEquals(AuditVerifier.NOTHING_TO_VERIFY, verify(lines.subList(2, 3)));
    assertTrue(said("no entry of it is here"));
  }

  @Test
  void aHeadThatWasKeptElsewhereShowsAChainMadeAnewThatWentOnSince() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditChain(log.factory(), random(1), now::get);
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    chain.tellHead();
    var kept = log.raw().subList(2, 3);
    assertEquals(AuditVerifier.WHOLE, verify(kept, log.raw().subList(0, 2)));
    var forged = chain(1, 5, true);
    assertEquals(AuditVerifier.BROKEN, verify(kept, forged));
    assertTrue(said("entry 1 of chain"), words::toString);
  }

  @Test
  void aHeadThatWasKeptShowsACutTail() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditChain(log.factory(), random(1), now::get);
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    chain.tellHead();
    chain.tellHead();
    var lines = log.raw();
    assertEquals(3, lines.size());
    assertEquals(AuditVerifier.WHOLE, verify(lines));
    assertEquals(AuditVerifier.BROKEN, verify(List.of(lines.get(0), lines.get(2))));
    assertTrue(said("had come to entry 1, but here it ends at 0"));
  }

  @Test
  void aHeadThatWasKeptShowsAChainMadeAnew() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditChain(log.factory(), random(1), now::get);
    chain.tellHead();
    var kept = log.raw().get(1);
    now.set(Instant.parse("2026-11-23T23:30:00Z"));
    var forged = new CapturedLog(now::get);
    var _ = new AuditChain(forged.factory(), random(1), now::get);
    assertEquals(AuditVerifier.BROKEN, verify(List.of(forged.raw().getFirst(), kept)));
    assertTrue(said("is another one"), words::toString);
  }

  @Test
  void anyCharacterChangedIsFound() throws Exception {
    var whole = chain(1, 3, true);
    var line = whole.get(2);
    for (var i = 0; i < line.length(); i++) {
      var changed = new ArrayList<>(whole);
      changed.set(2, line.substring(0, i) + (char) (line.charAt(i) ^ 1) + line.substring(i + 1));
      assertEquals(AuditVerifier.BROKEN, verify(changed), changed.get(2));
    }
  }

  @Test
  void anEntryMadeAnewIsFoundByTheNext() throws Exception {
    var whole = new ArrayList<>(chain(1, 3, true));
    whole.set(2, madeAnew(whole.get(2)));
    assertEquals(AuditVerifier.BROKEN, verify(whole));
    assertTrue(said("changed: entry 3 of chain"));
  }

  @Test
  void anyTwoLinesInAnotherOrderAreFound() throws Exception {
    var whole = chain(1, 8, true);
    for (var i = 0; i < whole.size() - 1; i++) {
      var swapped = new ArrayList<>(whole);
      Collections.swap(swapped, i, i + 1);
      assertEquals(AuditVerifier.BROKEN, verify(swapped));
      assertTrue(said("reordered"));
    }
  }

  @Test
  void aRepeatedLineIsFound() throws Exception {
    var whole = new ArrayList<>(chain(1, 3, true));
    whole.add(3, whole.get(2));
    assertEquals(AuditVerifier.BROKEN, verify(whole));
  }

  @Test
  void anEntryOutsideOfAnyChainIsFound() throws Exception {
    var log = new CapturedLog();
    log.logger("audit").info("alice may do everything");
    assertEquals(AuditVerifier.BROKEN, verify(log.raw()));
    assertTrue(said("outside of any chain"));
  }

  @Test
  void linesOfOtherProcessesAndLibrariesAndPrefixesDontDisturb() throws Exception {
    var one = chain(1, 10, true);
    var two = chain(2, 10, true);
    var log = new CapturedLog();
    log.logger("some").info("\"logger\":\"audit\"");
    var mixed = new ArrayList<String>();
    for (var i = 0; i < one.size(); i++) {
      mixed.addAll(List.of(one.get(i), "no JSON", "2026-11-23T23:00:00Z stdout F " + two.get(i)));
      mixed.addAll(log.raw());
    }
    assertEquals(AuditVerifier.WHOLE, verify(mixed), words::toString);
    assertTrue(said("24 entries in 2 chains"));
  }

  @Test
  void eachDayCanBeVerifiedByItselfAndTiesToTheDayBefore() throws Exception {
    var log = new CapturedLog();
    var chain = new AuditChain(log.factory(), random(1), now::get);
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    now.set(Instant.parse("2026-11-24T00:00:01Z"));
    chain.append(Level.INFO, "PUT /things/{id}", List.of());
    chain.end();
    var lines = log.raw();
    var first = lines.subList(0, 3);
    var second = lines.subList(3, lines.size());
    assertEquals(AuditVerifier.WHOLE, verify(second));
    assertEquals(AuditVerifier.WHOLE, verify(first));
    assertTrue(said("goes on in one that is not here"));
    assertEquals(AuditVerifier.WHOLE, verify(lines));
    assertTrue(said("goes on in the next"));
    assertEquals(AuditVerifier.BROKEN, verify(lines.subList(0, 2), second));
    assertTrue(said("entry 0 of chain"));
  }

  @Test
  void nothingToVerifyIsSaid() throws Exception {
    assertEquals(AuditVerifier.NOTHING_TO_VERIFY, verify(List.of("{}")));
    assertEquals(
        AuditVerifier.NOTHING_TO_VERIFY,
        new AuditVerifier()
            .run(List.of(folder.resolve("absent")), nowhere(), new PrintStream(words)));
  }

  /** The entry as another one did it, with a hash that holds. */
  private static String madeAnew(String line) {
    var body = line.replace("alice", "mallo");
    body = body.substring(0, body.indexOf(",\"hash\":"));
    return body + ",\"hash\":\"" + AuditChain.hash(body) + "\"}";
  }

  private List<String> chain(long seed, int entries, boolean closed) throws Exception {
    var log = new CapturedLog();
    var chain = new AuditChain(log.factory(), random(seed), now::get);
    for (var i = 0; i < entries; i++) {
      chain.append(Level.INFO, "PUT /things/{id}", List.of(new KeyValuePair("actor", "alice")));
    }
    if (closed) {
      chain.end();
    }
    assertTrue(log.factory().flush(Duration.ofSeconds(30)));
    return log.raw();
  }

  private static RandomLongs random(long seed) {
    return new RandomLongs(new SplittableRandom(seed));
  }

  @SafeVarargs
  private int verify(List<String>... contents) throws IOException {
    words.reset();
    var files = new ArrayList<Path>();
    for (var lines : contents) {
      var file = folder.resolve("log" + files.size());
      Files.write(file, lines, StandardCharsets.ISO_8859_1);
      files.add(file);
    }
    var out = new PrintStream(words, true, StandardCharsets.UTF_8);
    return new AuditVerifier().run(files, out, nowhere());
  }

  private boolean said(String text) {
    return words.toString(StandardCharsets.UTF_8).contains(text);
  }

  private static PrintStream nowhere() {
    return new PrintStream(OutputStream.nullOutputStream());
  }
}
