package dev.partywall.metering;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a journal, which belongs to one process at a time: the lock is the operating
 * system's, and goes with the process however it ends.
 */
final class JournalFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFolder.class);
  private static final String SEGMENT = ".usage";

  private final Path folder;
  private final FileChannel lock;

  private JournalFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Takes the folder, and makes it where it is not there. */
  static JournalFolder take(Path folder) throws JournalUnusable {
    try {
      Files.createDirectories(folder);
      var lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(lock)) {
        return new JournalFolder(folder, lock);
      }
      lock.close();
    } catch (IOException e) {
      throw JournalUnusable.unwritable(folder, e);
    }
    throw new JournalUnusable(
        "another process uses the folder " + folder + ": each needs one of its own");
  }

  Path segment(UUID batch) {
    return folder.resolve(batch + SEGMENT);
  }

  /** The segments that lie here. */
  List<Path> segments() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SEGMENT))
          .sorted()
          .toList();
    }
  }

  /**
   * Looks through what an earlier process left, and puts aside what can't be read. A segment of a
   * few bytes was cut in its header by a crash, before it held anything.
   *
   * @throws JournalUnusable when a release with another format wrote one of them
   */
  List<Path> recover() throws JournalUnusable {
    try {
      for (var file : segments()) {
        recover(file);
      }
      return segments();
    } catch (IOException e) {
      throw JournalUnusable.unwritable(folder, e);
    }
  }

  /** Keeps a file for a human to look at. */
  void putAside(Path file, String why) throws IOException {
    var aside = file.resolveSibling(file.getFileName() + "." + why);
    Files.move(file, aside);
    LOG.error("the journal's segment is {}; it is kept as {}", why, aside);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("the lock of the journal's folder was not let go of", e);
    }
  }

  private void recover(Path file) throws IOException, JournalUnusable {
    try {
      var header = Segment.headerOf(file);
      if (header.format() != SegmentHeader.FORMAT_NOW) {
        throw new JournalUnusable(otherFormat(file, header));
      }
    } catch (Segment.NotOne e) {
      if (Files.size(file) < SegmentHeader.BYTES) {
        LOG.warn("a segment that a crash cut before it held anything: {}", file);
        Files.delete(file);
      } else {
        putAside(file, "damaged");
      }
    }
  }

  private static String otherFormat(Path file, SegmentHeader header) {
    return "%s is in format %d, and this release reads %d: let the release that wrote it ship it, or"
            .formatted(file, header.format(), SegmentHeader.FORMAT_NOW)
        + " move it away";
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      // This very process has it, by another journal.
      return false;
    }
  }
}
