package dev.partywall.metering;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where usage waits until it is in the ledger: files in a folder, each a segment that is appended
 * to for a while, then sealed, shipped and deleted. A segment that a process has left behind is
 * never appended to again, only shipped.
 *
 * <p>Each record is put to disk ({@code fsync}) before the append returns. So what was appended
 * outlives the process and a power cut; and a crash in the middle of an append leaves all records
 * in front of it.
 */
final class Journal implements Tallies.Destination, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** A disk that has not taken a record by then hangs. */
  static final Duration DISK_PATIENCE = Duration.ofSeconds(5);

  private final JournalFolder folder;
  private final SegmentWriter.Disk disk;
  private final Supplier<UUID> ids;
  private final InstantSource clock;

  /** With their bytes, so that an append looks at no file but its own. */
  private final SequencedMap<Path, Long> sealed = new LinkedHashMap<>();

  private @Nullable SegmentWriter open;
  private boolean closed;
  // Whoever asks how the journal is waits for no disk that hangs, so it takes no lock for these.
  private volatile Backlog backlog = Backlog.NONE;
  private volatile @Nullable Instant appending;
  private volatile @Nullable String problem;

  /**
   * What waits to be shipped.
   *
   * @param segments that are sealed
   * @param bytes in these, and in the one that is appended to
   */
  record Backlog(int segments, long bytes) {
    static final Backlog NONE = new Backlog(0, 0);
  }

  private Journal(
      JournalFolder folder,
      SegmentWriter.Disk disk,
      Supplier<UUID> ids,
      InstantSource clock,
      List<Path> left) {
    this.folder = folder;
    this.disk = disk;
    this.ids = ids;
    this.clock = clock;
    left.forEach(file -> sealed.put(file, file.toFile().length()));
  }

  /**
   * Opens the journal in that folder.
   *
   * @throws JournalUnusable when another process has it, it can't be written, the disk is full, or
   *     another release left what this one can't read
   */
  static Journal open(Path path, Supplier<UUID> ids, InstantSource clock) throws JournalUnusable {
    return open(path, Journal::create, ids, clock);
  }

  static Journal open(Path path, SegmentWriter.Disk disk, Supplier<UUID> ids, InstantSource clock)
      throws JournalUnusable {
    var folder = JournalFolder.take(path);
    try {
      var journal = new Journal(folder, disk, ids, clock, folder.recover());
      journal.probe();
      journal.look();
      return journal;
    } catch (IOException e) {
      folder.close();
      throw JournalUnusable.unwritable(path, e);
    } catch (JournalUnusable e) {
      folder.close();
      throw e;
    }
  }

  /** Appends one record. */
  @Override
  public synchronized void take(List<Usage> usage) throws IOException {
    if (closed) {
      throw new IOException("the journal is closed");
    }
    appending = clock.instant();
    try {
      var writer = open == null ? begin() : open;
      open = writer;
      writer.append(SegmentRecord.encode(usage));
      look();
      force(writer);
    } catch (IOException e) {
      problem = "can't be written: " + e;
      throw e;
    } finally {
      appending = null;
    }
  }

  /** Ends the segment that is appended to, and says which are ready to be shipped. */
  synchronized List<Path> seal() throws IOException {
    var writer = open;
    if (writer != null && !writer.isEmpty()) {
      open = null;
      sealed.put(writer.file(), writer.length());
      look();
      writer.close();
    }
    return List.copyOf(sealed.keySet());
  }

  /** Those that are sealed already. */
  synchronized List<Path> sealed() {
    return List.copyOf(sealed.keySet());
  }

  /** Bytes in the segment that is appended to. */
  synchronized long openBytes() {
    return open == null ? 0 : open.length();
  }

  /** What waits to be shipped, as of the last time that this changed. */
  Backlog backlog() {
    return backlog;
  }

  /** A segment is in the ledger, all of it. */
  synchronized void discard(Path file) throws IOException {
    if (closed) {
      return; // it may be another process's by now, which will find that the ledger has it
    }
    Files.delete(file);
    sealed.remove(file);
    look();
  }

  /** A segment can't be shipped, or not whole: it is kept for a human to look at. */
  synchronized void putAside(Path file, String why) throws IOException {
    if (closed) {
      return;
    }
    folder.putAside(file, why);
    sealed.remove(file);
    look();
  }

  /** Why it can't be written at present. */
  Optional<String> problem() {
    var since = appending;
    if (since != null && since.plus(DISK_PATIENCE).isBefore(clock.instant())) {
      return Optional.of("its disk has not answered since " + since);
    }
    return Optional.ofNullable(problem);
  }

  /** Lets go of the folder. What was not shipped is there for the next process. */
  @Override
  public synchronized void close() throws IOException {
    seal();
    var writer = open;
    if (writer != null) {
      writer.close();
      Files.deleteIfExists(writer.file());
    }
    closed = true;
    folder.close();
  }

  /** Begins a segment only to see that it can be done: one that waits for usage would grow old. */
  private void probe() throws IOException {
    var writer = begin();
    writer.close();
    Files.delete(writer.file());
  }

  private void look() {
    var bytes = sealed.values().stream().mapToLong(Long::longValue).sum();
    backlog = new Backlog(sealed.size(), openBytes() + bytes);
  }

  private SegmentWriter begin() throws IOException {
    var batch = ids.get();
    return SegmentWriter.begin(
        folder.segment(batch), SegmentHeader.of(batch, clock.instant()), disk);
  }

  /**
   * What was written but could not be forced counts as appended, since to append it again could
   * count it twice. A crash of the process takes nothing from it, a power cut may.
   */
  private void force(SegmentWriter writer) {
    try {
      writer.force();
      problem = null;
    } catch (IOException e) {
      problem = "can't be put to disk: " + e;
      LOG.error("the journal was written but not put to disk", e);
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
