package dev.partywall.metering.journal;

import dev.partywall.metering.journal.Segment.SegmentWriter;
import dev.partywall.metering.meter.TenantUsageCounters;
import dev.partywall.metering.meter.Usage;
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
 * Stores usage until it is in the ledger, in files in a folder. Each file is a segment. A segment
 * is appended to, sealed, shipped and deleted. A segment of an earlier process is only shipped,
 * never appended to.
 *
 * <p>Each record is forced to disk ({@code fsync}) before the append returns. Appended usage
 * therefore survives a crash of the process and a power failure. If forcing fails, the usage may
 * not survive a power failure, and {@link #problem} reports this. A crash during an append leaves
 * all earlier records intact.
 */
public final class Journal implements TenantUsageCounters.UsageDestination, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** A disk that has not written a record within this time counts as hanging. */
  private static final Duration DISK_TIMEOUT = Duration.ofSeconds(5);

  private final JournalFolder folder;
  private final SegmentWriter.SegmentChannelFactory disk;
  private final Supplier<UUID> ids;
  private final InstantSource clock;

  /** The sealed segments with their sizes, so an append reads no other file's size. */
  private final SequencedMap<Path, Long> sealed = new LinkedHashMap<>();

  private @Nullable SegmentWriter openSegment;
  private boolean closed;
  // Volatile, so a status request takes no lock and does not wait for a hanging disk.
  private volatile Backlog backlog = Backlog.NONE;
  private volatile @Nullable Instant appendingSince;
  private volatile @Nullable String problem;

  /**
   * The usage that is not yet shipped.
   *
   * @param segments number of sealed segments
   * @param bytes size of the sealed segments and the open one
   */
  public record Backlog(int segments, long bytes) {
    private static final Backlog NONE = new Backlog(0, 0);
  }

  private Journal(
      JournalFolder folder,
      SegmentWriter.SegmentChannelFactory disk,
      Supplier<UUID> ids,
      InstantSource clock,
      List<Path> recovered) {
    this.folder = folder;
    this.disk = disk;
    this.ids = ids;
    this.clock = clock;
    recovered.forEach(file -> sealed.put(file, file.toFile().length()));
  }

  /**
   * Opens the journal in the folder.
   *
   * @throws JournalUnusableException if another process uses the folder, it is not writable, the
   *     disk is full, or another release left a segment in an unsupported format
   */
  public static Journal open(Path path, Supplier<UUID> ids, InstantSource clock)
      throws JournalUnusableException {
    return open(path, Journal::create, ids, clock);
  }

  static Journal open(
      Path path, SegmentWriter.SegmentChannelFactory disk, Supplier<UUID> ids, InstantSource clock)
      throws JournalUnusableException {
    var folder = JournalFolder.open(path);
    try {
      var journal = new Journal(folder, disk, ids, clock, folder.recover());
      journal.checkWritable();
      journal.updateBacklog();
      return journal;
    } catch (IOException e) {
      folder.close();
      throw JournalUnusableException.unwritable(path, e);
    } catch (JournalUnusableException e) {
      folder.close();
      throw e;
    }
  }

  /** Appends one record. */
  @Override
  public synchronized void append(List<Usage> usage) throws IOException {
    if (closed) {
      throw new IOException("The journal is closed");
    }
    appendingSince = clock.instant();
    try {
      var writer = openSegment == null ? newSegment() : openSegment;
      openSegment = writer;
      writer.append(SegmentRecord.encode(usage));
      updateBacklog();
      force(writer);
    } catch (IOException e) {
      problem = "The journal cannot be written: " + e;
      throw e;
    } finally {
      appendingSince = null;
    }
  }

  /** Seals the open segment and returns all sealed segments, which are ready to ship. */
  synchronized List<Path> seal() throws IOException {
    var writer = openSegment;
    if (writer != null && !writer.isEmpty()) {
      openSegment = null;
      sealed.put(writer.file(), writer.length());
      updateBacklog();
      writer.close();
    }
    return List.copyOf(sealed.keySet());
  }

  /** Returns the sealed segments. */
  synchronized List<Path> sealed() {
    return List.copyOf(sealed.keySet());
  }

  /** Returns the size of the open segment in bytes. */
  synchronized long openBytes() {
    return openSegment == null ? 0 : openSegment.length();
  }

  /** Returns the unshipped usage, as of its last change. */
  public Backlog backlog() {
    return backlog;
  }

  /** Deletes a segment that is completely in the ledger. */
  synchronized void discard(Path file) throws IOException {
    if (closed) {
      return; // another process may own the file now; it will find the batches in the ledger
    }
    Files.delete(file);
    sealed.remove(file);
    updateBacklog();
  }

  /** Renames a segment that cannot be shipped, or not completely, and keeps it for inspection. */
  synchronized void setAside(Path file, String reason) throws IOException {
    if (closed) {
      return;
    }
    folder.setAside(file, reason);
    sealed.remove(file);
    updateBacklog();
  }

  /** Returns the reason for which the journal cannot be written at present. */
  public Optional<String> problem() {
    var since = appendingSince;
    if (since != null && since.plus(DISK_TIMEOUT).isBefore(clock.instant())) {
      return Optional.of("The journal's disk has not responded since " + since);
    }
    return Optional.ofNullable(problem);
  }

  /** Releases the folder. Unshipped segments remain for the next process. */
  @Override
  public synchronized void close() throws IOException {
    seal();
    var writer = openSegment;
    if (writer != null) {
      writer.close();
      Files.deleteIfExists(writer.file());
    }
    closed = true;
    folder.close();
  }

  /**
   * Creates a segment to check that the folder is writable. The segment is deleted: an idle one
   * would age.
   */
  private void checkWritable() throws IOException {
    var writer = newSegment();
    writer.close();
    Files.delete(writer.file());
  }

  private void updateBacklog() {
    var bytes = sealed.values().stream().mapToLong(Long::longValue).sum();
    backlog = new Backlog(sealed.size(), openBytes() + bytes);
  }

  private SegmentWriter newSegment() throws IOException {
    var batch = ids.get();
    return SegmentWriter.create(
        folder.segmentFile(batch), SegmentHeader.of(batch, clock.instant()), disk);
  }

  /**
   * Forces the append to disk. An append that could not be forced still counts, because appending
   * it again could count it twice. A crash of the process does not lose it; a power failure may.
   */
  private void force(SegmentWriter writer) {
    try {
      writer.force();
      problem = null;
    } catch (IOException e) {
      problem = "The journal cannot be forced to disk: " + e;
      LOG.error("Forcing the journal to disk failed", e);
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
