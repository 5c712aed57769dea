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
 * The folder of a journal, used by one process at a time. The lock belongs to the operating system
 * and ends with the process.
 */
final class JournalFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFolder.class);
  private static final String EXTENSION = ".usage";

  private final Path folder;
  private final FileChannel lock;

  private JournalFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Locks the folder, and creates it if it does not exist. */
  static JournalFolder take(Path folder) throws JournalUnusable {
    try {
      Files.createDirectories(folder);
      var lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(lock)) {
        return new JournalFolder(folder, lock);
      }
      lock.close();
    } catch (IOException e) {
      throw JournalUnusable.unwritable(folder, e);
    }
    throw new JournalUnusable(
        "Another process uses the folder " + folder + "; each instance needs its own");
  }

  Path segment(UUID batch) {
    return folder.resolve(batch + EXTENSION);
  }

  /** Returns all segment files in the folder. */
  List<Path> segments() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(EXTENSION))
          .sorted()
          .toList();
    }
  }

  /**
   * Checks the segments of an earlier process, and renames invalid ones. A file shorter than a
   * header was cut by a crash before it had any usage, and is deleted.
   *
   * @throws JournalUnusable if a release with another format wrote one of them
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

  /** Renames a file and keeps it for inspection. */
  void putAside(Path file, String reason) throws IOException {
    var renamed = file.resolveSibling(file.getFileName() + "." + reason);
    Files.move(file, renamed);
    LOG.error("Journal segment is {}, kept as {}", reason, renamed);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.warn("Releasing the journal lock failed", e);
    }
  }

  private void recover(Path file) throws IOException, JournalUnusable {
    try {
      var header = Segment.headerOf(file);
      if (header.format() != SegmentHeader.FORMAT_NOW) {
        throw new JournalUnusable(formatMismatch(file, header));
      }
    } catch (Segment.NotOne e) {
      if (Files.size(file) < SegmentHeader.BYTES) {
        LOG.warn("Deleted an empty journal segment that a crash cut: {}", file);
        Files.delete(file);
      } else {
        putAside(file, "damaged");
      }
    }
  }

  private static String formatMismatch(Path file, SegmentHeader header) {
    return "%s has format %d, but this release reads format %d."
            .formatted(file, header.format(), SegmentHeader.FORMAT_NOW)
        + " Ship it with the release that wrote it, or move it to another folder";
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      // Another journal of this process has the lock.
      return false;
    }
  }
}
