package dev.partywall.attack;

import java.io.UncheckedIOException;

/** Waits for the readiness endpoint of a service. */
final class Readiness {
  private Readiness() {}

  static void await(int managementPort) throws InterruptedException {
    try (var client = new Phone(managementPort)) {
      while (!isReady(client)) {
        Thread.sleep(20);
      }
    }
  }

  private static boolean isReady(Phone client) {
    try {
      return client.ask(Ask.get("/health/ready")).status() == 200;
    } catch (UncheckedIOException _) {
      return false; // not started yet
    }
  }
}
