package dev.partywall.metering.journal;

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
  static JournalFolder open(Path folder) throws JournalUnusableException {
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
      throw JournalUnusableException.unwritable(folder, e);
    }
    throw new JournalUnusableException(
        "Another process uses the folder " + folder + "; each instance needs its own");
  }

  Path segmentFile(UUID batch) {
    return folder.resolve(batch + EXTENSION);
  }

  /** Returns all segment files in the folder. */
  List<Path> segmentFiles() throws IOException {
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
   * @throws JournalUnusableException if a release with another format wrote one of them
   */
  List<Path> recover() throws JournalUnusableException {
    try {
      for (var file : segmentFiles()) {
        recover(file);
      }
      return segmentFiles();
    } catch (IOException e) {
      throw JournalUnusableException.unwritable(folder, e);
    }
  }

  /** Renames a file and keeps it for inspection. */
  void setAside(Path file, String reason) throws IOException {
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

  private void recover(Path file) throws IOException, JournalUnusableException {
    try {
      var header = Segment.readHeader(file);
      if (!header.isSupported()) {
        throw new JournalUnusableException(formatMismatch(file, header));
      }
    } catch (Segment.InvalidSegmentException e) {
      removeInvalid(file);
    }
  }

  private void removeInvalid(Path file) throws IOException {
    if (Files.size(file) < SegmentHeader.BYTES) {
      LOG.warn("Deleted an empty journal segment that a crash cut: {}", file);
      Files.delete(file);
    } else {
      setAside(file, "damaged");
    }
  }

  private static String formatMismatch(Path file, SegmentHeader header) {
    return "%s has format %d, but this release reads formats %d to %d."
            .formatted(
                file, header.format(), SegmentHeader.OLDEST_FORMAT, SegmentHeader.CURRENT_FORMAT)
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
