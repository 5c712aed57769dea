package dev.partywall.metering;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

/** A disk does not fail or hang at a test's wish; a channel to a real file can be made to. */
final class MockedDisk {
  private MockedDisk() {}

  /** A channel to a new file. */
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Does what the real one does, but for what the test changes in it. */
  static FileChannel over(FileChannel real) {
    return Mockito.mock(
        FileChannel.class,
        Mockito.withSettings().defaultAnswer(AdditionalAnswers.delegatesTo(real)));
  }
}
