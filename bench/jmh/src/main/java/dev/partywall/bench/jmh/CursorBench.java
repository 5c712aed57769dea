package dev.partywall.bench.jmh;

import dev.partywall.http.Cursor;
import dev.partywall.storage.Ids;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Writing and reading list cursors, including the fingerprint of the filters. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CursorBench {
  private static final String ID = "01JDEZ8Q4V0000000000020000";

  private final List<String> filters = List.of("placed", "=user-7");
  private final byte[] bytes = ("\1fprint--" + ID).getBytes(StandardCharsets.US_ASCII);
  private final String cursor = new Cursor(filters, Ids::isValid).write(ID);

  /** The JDK's base64url encoding of the same number of bytes. */
  @Benchmark
  public String baseline() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Benchmark
  public String write() {
    return new Cursor(filters, Ids::isValid).write(ID);
  }

  @Benchmark
  public String read() {
    return new Cursor(filters, Ids::isValid).read(cursor);
  }
}
