package dev.partywall.metering.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

/** Simulates a failing or hanging disk with a channel to a real file. */
final class MockedDisk {
  private MockedDisk() {}

  /** Creates a channel to a new file. */
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Returns a mock that delegates to the real channel, except for methods that the test stubs. */
  static FileChannel delegatingTo(FileChannel real) {
    return Mockito.mock(
        FileChannel.class,
        Mockito.withSettings().defaultAnswer(AdditionalAnswers.delegatesTo(real)));
  }
}
