package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/**
 * A whole run, as it is kept in a file.
 *
 * @param date of the run, RFC 3339
 * @param storage how the peers' orders lay
 * @param flags of every service's JVM
 */
record RunResults(
    String date,
    String plan,
    String storage,
    int rounds,
    int rate,
    Machine machine,
    String flags,
    String sdk,
    List<ServiceMeasurements> services,
    List<Ratio> ratios) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  static RunResults read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), RunResults.class);
  }

  /**
   * A record is of everybody, and of figures that mean something.
   *
   * @throws IOException when this is another kind of run
   */
  void requireWhole() throws IOException {
    if (plan.equals("smoke")) {
      throw new IOException("the last run was of plan smoke, whose figures mean nothing");
    }
    var names = services.stream().map(ServiceMeasurements::name).toList();
    if (!new HashSet<>(names).equals(new HashSet<>(ServiceCatalog.NAMES))) {
      throw new IOException("the last run was of chosen services, and not of all: " + names);
    }
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
