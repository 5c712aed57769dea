package dev.partywall.observability.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.observability.log.LineWriter.LineChannel;
import dev.partywall.observability.log.LineWriter.LineChannel.WriteResult;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests against the operating system's pipes and files. */
@Timeout(60)
class LineChannelTest {
  private final byte[] lines = new byte[1 << 20];
  private @TempDir Path folder;

  LineChannelTest() {
    new Random(20261124).nextBytes(lines);
  }

  @Test
  void continuesAtTheFirstUnwrittenByteOfAFullPipe() throws IOException {
    var pipe = Pipe.open();
    try (var source = pipe.source();
        var sink = pipe.sink()) {
      sink.configureBlocking(false);
      var channel = new LineChannel(sink);
      var remaining = ByteBuffer.wrap(lines);
      var read = ByteBuffer.allocate(lines.length);
      assertEquals(WriteResult.WOULD_BLOCK, channel.write(remaining));
      assertTrue(remaining.position() > 0 && remaining.hasRemaining());
      while (read.hasRemaining()) {
        source.read(read);
        channel.write(remaining);
      }
      assertArrayEquals(lines, read.array());
    }
  }

  @Test
  void failsWhenTheReaderHasClosedThePipe() throws IOException {
    var pipe = Pipe.open();
    pipe.source().close();
    try (var sink = pipe.sink()) {
      assertEquals(WriteResult.FAILED, new LineChannel(sink).write(ByteBuffer.wrap(lines)));
    }
  }

  @Test
  void appendsFromTheStartOfAFileTruncatedByRotation() throws IOException {
    var file = Files.write(folder.resolve("log"), new byte[] {1});
    try (var out = new FileOutputStream(file.toFile(), true)) {
      var channel = new LineChannel(LineChannel.channelFor(out));
      assertEquals(WriteResult.COMPLETE, channel.write(ByteBuffer.wrap(new byte[] {2})));
      Files.write(file, new byte[0]);
      assertEquals(WriteResult.COMPLETE, channel.write(ByteBuffer.wrap(new byte[] {3})));
    }
    assertArrayEquals(new byte[] {3}, Files.readAllBytes(file));
  }
}
