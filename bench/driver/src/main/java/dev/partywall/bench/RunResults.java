package dev.partywall.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/**
 * The results of a run, stored as JSON.
 *
 * @param date of the run, RFC 3339
 * @param storage storage format of the peers' orders
 * @param flags JVM flags of every service
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
   * Requires a run of all services with valid figures.
   *
   * @throws IOException if this is another kind of run
   */
  void requireComplete() throws IOException {
    if (plan.equals("smoke")) {
      throw new IOException("the last run used plan smoke, whose figures are not valid");
    }
    var names = services.stream().map(ServiceMeasurements::name).toList();
    if (!new HashSet<>(names).equals(new HashSet<>(ServiceCatalog.NAMES))) {
      throw new IOException("the last run included only some services: " + names);
    }
  }

  /** Returns the machine, the software, and the date and plan, in one line each. */
  List<String> footer() {
    return List.of(
        machine.line(),
        "JDK " + machine.jdk() + ", " + flags + ", AWS SDK " + sdk,
        "%s, plan “%s”, peers' orders as %s, %d rounds: medians, and the lowest and highest; fixed rate %,d/s"
            .formatted(date, plan, storage, rounds, rate));
  }
}
