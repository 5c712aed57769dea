package dev.partywall.observability.log;

import java.time.Duration;
import java.util.function.Function;
import org.slf4j.event.KeyValuePair;

/**
 * Writes the lines that must not be lost. They share the buffer and the order of all log lines, and
 * have a reserve of 25 % for themselves, so a flood of ordinary lines cannot displace them. A line
 * is accepted regardless of capacity: its writer calls {@link #awaitCapacity} before it makes the
 * change that the line records.
 */
public final class ReservedOutput {
  private final LogLine lineFormat;
  private final LogOutput output;

  ReservedOutput(LogLine lineFormat, LogOutput output) {
    this.lineFormat = lineFormat;
    this.output = output;
  }

  /**
   * Waits for capacity for a line.
   *
   * @return false if {@code timeout} expired or the thread was interrupted; the interrupt status
   *     stays set
   */
  public boolean awaitCapacity(Duration timeout) {
    return output.awaitCapacity(timeout);
  }

  /**
   * Waits until all lines so far are written to standard output.
   *
   * @return false if {@code timeout} expired, the output has failed repeatedly, or the thread was
   *     interrupted; the interrupt status stays set
   */
  public boolean awaitWritten(Duration timeout) {
    try {
      return output.flush(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Writes a line. */
  public void put(LogEvent event) {
    output.put(lineFormat.format(event));
  }

  /**
   * Writes a line with one more field at its end.
   *
   * @param seal computes the field from all bytes of the line before it, without the comma; a hash
   *     can be computed only when these bytes are final. The value must be ASCII that needs no
   *     escape, because it is exempt from the limits that can truncate other text
   */
  public void putSealed(LogEvent event, Function<byte[], KeyValuePair> seal) {
    var text = lineFormat.startLine(event);
    var field = seal.apply(text.toBytes());
    text.name(field.key).literal("\"" + field.value + '"');
    output.put(text.endObject().raw('\n').toBytes());
  }

  /** Counts a line that was dropped because no capacity was available in time. */
  public void countDropped() {
    output.addDropped(1);
  }
}
