package dev.partywall.attack;

import java.io.UncheckedIOException;

/** Waits until a service says that it is ready. */
final class Readiness {
  private Readiness() {}

  static void await(int managementPort) throws InterruptedException {
    try (var phone = new Phone(managementPort)) {
      while (!isReady(phone)) {
        Thread.sleep(20);
      }
    }
  }

  private static boolean isReady(Phone phone) {
    try {
      return phone.ask(Ask.get("/health/ready")).status() == 200;
    } catch (UncheckedIOException _) {
      return false; // not there yet
    }
  }
}
