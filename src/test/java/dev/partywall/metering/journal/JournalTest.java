package dev.partywall.metering.journal;

import static dev.partywall.metering.meter.UsageSamples.ACME;
import static dev.partywall.metering.meter.UsageSamples.EIGHT;
import static dev.partywall.metering.meter.UsageSamples.GLOBEX;
import static dev.partywall.metering.meter.UsageSamples.NINE;
import static dev.partywall.metering.meter.UsageSamples.requests;
import static dev.partywall.metering.meter.UsageSamples.sums;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.metering.meter.Usage;
import dev.partywall.storage.ShiftedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final List<Usage> FIRST = List.of(requests(ACME, EIGHT, 5));
  private static final List<Usage> SECOND =
      List.of(requests(ACME, EIGHT, 7), requests(GLOBEX, NINE, 1));

  private final ShiftedClock clock = new ShiftedClock(NINE);
  private @TempDir Path folder;

  @Test
  void readsBackTheSumOfAppendedRecords() throws Exception {
    try (var journal = open()) {
      journal.append(FIRST);
      journal.append(SECOND);
      var segment = Segment.read(journal.seal().getFirst());
      var expected = List.of(requests(ACME, EIGHT, 12), requests(GLOBEX, NINE, 1));
      assertEquals(expected, segment.usage());
      assertEquals(NINE, segment.header().createdAt());
    }
  }

  @Test
  void datesASegmentByItsFirstRecordAfterIdleTime() throws Exception {
    try (var journal = open()) {
      clock.advance(Duration.ofDays(60));
      journal.append(FIRST);
      clock.advance(Duration.ofDays(1));
      journal.append(SECOND);
      var begun = Segment.readHeader(journal.seal().getFirst()).createdAt();
      assertEquals(NINE.plus(Duration.ofDays(60)), begun);
    }
  }

  @Test
  void readsTheRecordsBeforeACutAtAnyByte() throws Exception {
    var complete = written(FIRST, SECOND);
    var afterFirst = written(FIRST).length;
    for (var length = SegmentHeader.BYTES; length <= complete.length; length++) {
      var segment = segment(Arrays.copyOf(complete, length));
      var expected = new ArrayList<Usage>();
      expected.addAll(length >= afterFirst ? FIRST : List.of());
      expected.addAll(length == complete.length ? SECOND : List.of());
      assertEquals(sums(expected), sums(segment.usage()), "Cut at " + length);
      assertFalse(segment.damaged(), "Cut at " + length);
    }
  }

  @Test
  void recognizesAPartialLastRecord() throws Exception {
    var complete = written(FIRST, SECOND);
    var ends = List.of(SegmentHeader.BYTES, written(FIRST).length, complete.length);
    for (var length = SegmentHeader.BYTES; length <= complete.length; length++) {
      assertEquals(ends.contains(length), segment(Arrays.copyOf(complete, length)).isComplete());
    }
  }

  @Test
  void deletesASegmentCutInItsHeaderAtStartup() throws Exception {
    var complete = written(FIRST);
    for (var length = 0; length < SegmentHeader.BYTES; length++) {
      var file = file(Arrays.copyOf(complete, length));
      try (var journal = open()) {
        assertEquals(List.of(), journal.sealed());
      }
      assertFalse(Files.exists(file), "Cut at " + length);
    }
  }

  @Test
  void treatsZerosAfterTheLastRecordAsATornTail() throws Exception {
    var complete = written(FIRST);
    var segment = segment(Arrays.copyOf(complete, complete.length + 4096));
    assertEquals(FIRST, segment.usage());
    assertEquals(4096, segment.tornBytes());
    assertFalse(segment.damaged());
  }

  @Test
  void detectsAnyChangedBitOfARecord() throws Exception {
    var complete = written(FIRST, SECOND);
    for (var bit = SegmentHeader.BYTES * 8; bit < complete.length * 8; bit++) {
      var changed = complete.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      var segment = segment(changed);
      var usage = sums(segment.usage());
      assertTrue(usage.isEmpty() || usage.equals(sums(FIRST)), "Bit " + bit);
      assertFalse(segment.isComplete(), "Bit " + bit);
    }
  }

  @Test
  void reportsAChangedRecordInTheMiddleAsDamage() throws Exception {
    var changed = written(FIRST, SECOND);
    changed[SegmentHeader.BYTES + 20] ^= 1;
    assertTrue(segment(changed).damaged());
  }

  @Test
  void keepsASegmentWithAnInvalidHeader() throws Exception {
    var changed = written(FIRST);
    changed[20] ^= 1;
    var file = file(changed);
    try (var journal = open()) {
      assertEquals(List.of(), journal.sealed());
    }
    assertTrue(Files.exists(file.resolveSibling(file.getFileName() + ".damaged")));
  }

  @Test
  void readsNoUsageFromRandomBytes() throws Exception {
    var random = new Random(20261124);
    var header = Arrays.copyOf(written(FIRST), SegmentHeader.BYTES);
    for (var i = 0; i < 2000; i++) {
      var garbage = new byte[random.nextInt(300)];
      random.nextBytes(garbage);
      var bytes = Arrays.copyOf(header, header.length + garbage.length);
      System.arraycopy(garbage, 0, bytes, header.length, garbage.length);
      assertEquals(List.of(), segment(bytes).usage());
    }
  }

  @Test
  void preventsTheStartOnAnotherFormatAndKeepsTheSegment() throws Exception {
    var laterFormat = new SegmentHeader(5, UUID.randomUUID(), NINE).encode().array();
    var file = file(laterFormat);
    var failure = assertThrows(JournalUnusableException.class, this::open);
    assertTrue(
        failure.toString().contains("format 5, but this release reads formats 1 to 4"),
        failure.toString());
    assertEquals(laterFormat.length, Files.size(file));
    Files.delete(file);
    open().close();
  }

  @Test
  void acceptsASegmentOfFormat1() throws Exception {
    var file = file(SegmentRecordTest.format1());
    try (var journal = open()) {
      assertEquals(List.of(file), journal.sealed());
    }
  }

  @Test
  void writesFormat4() throws Exception {
    assertEquals(4, written(FIRST)["PWUSAGE\n".length()]);
  }

  @Test
  void allowsOneJournalPerFolder() throws Exception {
    var first = open();
    var failure = assertThrows(JournalUnusableException.class, this::open);
    assertTrue(failure.toString().contains("Another process"), failure.toString());
    first.append(FIRST);
    first.close();
    try (var second = open()) {
      assertEquals(FIRST, Segment.read(second.sealed().getFirst()).usage());
    }
  }

  @Test
  void preventsTheStartIfTheFolderCannotBeCreated() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "not a folder");
    var failure =
        assertThrows(
            JournalUnusableException.class,
            () -> Journal.open(file.resolve("journal"), UUID::randomUUID, clock));
    assertTrue(failure.toString().contains(file.toString()), failure.toString());
  }

  @Test
  void leavesNoSegmentForAnEmptyJournal() throws Exception {
    open().close();
    try (var files = Files.list(folder)) {
      assertEquals(List.of("lock"), files.map(path -> path.getFileName().toString()).toList());
    }
  }

  private Journal open() throws JournalUnusableException {
    return Journal.open(folder, UUID::randomUUID, clock);
  }

  /** Returns the bytes of a segment with the records. */
  @SafeVarargs
  private byte[] written(List<Usage>... records) throws Exception {
    try (var journal = open()) {
      for (var record : records) {
        journal.append(record);
      }
      var file = journal.seal().getFirst();
      var bytes = Files.readAllBytes(file);
      journal.discard(file);
      return bytes;
    }
  }

  private static Segment segment(byte[] bytes) throws IOException {
    return Segment.of(ByteBuffer.wrap(bytes));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("sample.usage"), bytes);
  }
}
