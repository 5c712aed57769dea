package dev.partywall.attack;

import java.io.UncheckedIOException;

/** Waits for the readiness endpoint of a service. */
final class ReadinessWait {
  private ReadinessWait() {}

  static void await(int managementPort) throws InterruptedException {
    try (var client = new AttackHttpClient(managementPort)) {
      while (!isReady(client)) {
        Thread.sleep(20);
      }
    }
  }

  private static boolean isReady(AttackHttpClient client) {
    try {
      return client.send(ApiRequest.get("/health/ready")).status() == 200;
    } catch (UncheckedIOException _) {
      return false; // not started yet
    }
  }
}
