package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A whole run, as it is kept in a file.
 *
 * @param date of the run, RFC 3339
 * @param storage how the peers' orders lay
 * @param flags of every service's JVM
 */
record Results(
    String date,
    String plan,
    String storage,
    int rounds,
    int rate,
    Machine machine,
    String flags,
    String sdk,
    List<Measured> services,
    List<Ratio> ratios) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  static Results read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), Results.class);
  }

  /** In one line each: where, with what, when. */
  List<String> footer() {
    return List.of(
        machine.line(),
        "JDK " + machine.jdk() + ", " + flags + ", AWS SDK " + sdk,
        "%s, plan “%s”, peers' orders as %s, %d rounds: medians, and the lowest and highest; fixed rate %,d/s"
            .formatted(date, plan, storage, rounds, rate));
  }
}
