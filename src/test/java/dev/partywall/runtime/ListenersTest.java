package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenersTest {
  @Test
  void blankVariableCountsAsNotSet() {
    var env = new Environment(Map.of("PARTYWALL_PORT", " "));
    assertEquals(8080, Listeners.ofService(env).port());
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, 127.0.0.1", "127.0.0.1, '::'", "localhost, 127.0.0.1"})
  void rejectsTwoListenersOnOnePortOfAnAddress(String host, String managementHost) {
    assertEquals(
        List.of(
            "PARTYWALL_MANAGEMENT_PORT: must differ from PARTYWALL_PORT, because the addresses"
                + " of the listeners overlap"),
        faults(host, managementHost, "9000"));
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, 127.0.0.1, 0", "127.0.0.1, 127.0.0.2, 9000"})
  void acceptsTwoListenersOnDifferentPortsOrAddresses(
      String host, String managementHost, String port) {
    assertEquals(List.of(), faults(host, managementHost, port));
  }

  private static List<String> faults(String host, String managementHost, String port) {
    var env =
        new Environment(
            Map.of(
                "PARTYWALL_HOST", host,
                "PARTYWALL_MANAGEMENT_HOST", managementHost,
                "PARTYWALL_PORT", port,
                "PARTYWALL_MANAGEMENT_PORT", port));
    Listeners.requireDistinct(env, Listeners.ofService(env), Listeners.ofManagement(env));
    return env.faults().lines();
  }
}
