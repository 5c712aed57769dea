package dev.partywall.runtime;

import static dev.partywall.runtime.ServicesWithOperators.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.PartywallProcess;
import dev.partywall.http.server.RawClient;
import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.json.Json;
import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kills services ({@code SIGKILL}) at random moments while operators register tenants, two services
 * at a time with one registry. {@code -Dkills=1000} results in 100 kills.
 */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class OnboardingCrashTest {
  private static final int PROCESSES = 2;
  private static final int KILLS = Math.max(PROCESSES, Integer.getInteger("kills", 10) / 10);
  private static final long SEED = Long.getLong("seed", 20261128);
  private static final int THREADS = 2;
  private static final int MAX_REGISTRATIONS = 20;
  private static final int MAX_DELAY_MILLIS = 20;

  private static final String ORDER =
      """
      {"currency":"EUR","items":[{"sku":"A-1","name":"Brick","quantity":1,"unitPrice":99}]}\
      """;

  /**
   * A registration.
   *
   * @param response empty if the service was killed before its response
   */
  private record Registration(String name, String response) {
    boolean isAcknowledged() {
      return !response.isEmpty();
    }

    /** Every second registration has an id; the service generates the others. */
    RawResponse send(RawClient client, ServicesWithOperators services) throws IOException {
      var id = name.endsWith("0") ? "\"id\":\"%s\",".formatted(name) : "";
      var body =
          "{%s\"name\":\"%s\",\"tier\":\"free\",\"issuers\":[\"%s\"]}"
              .formatted(id, name, services.fixture.issuer.name());
      return ServicesWithOperators.send(
          client,
          "POST",
          "/tenants",
          services.operator(),
          body,
          "Content-Type: application/json",
          "Idempotency-Key: \"" + name + "\"");
    }

    /**
     * Waits while the operators are above their rate, or their keys are not available. Such a
     * rejection precedes the body, and the service closes its connection.
     */
    RawResponse sendUntilAccepted(int port, ServicesWithOperators services)
        throws IOException, InterruptedException {
      while (true) {
        try (var client = new RawClient(port)) {
          var answer = send(client, services);
          if (answer.status() != 429 && answer.status() != 503) {
            assertEquals(201, answer.status(), answer::text);
            return answer;
          }
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS) // enough for a hundred kills
  void aTenantIsCompleteOrAbsentAfterAKill(LocalDynamo dynamo) throws Exception {
    try (var services = new ServicesWithOperators(dynamo);
        var threads = Executors.newFixedThreadPool(PROCESSES)) {
      var runs =
          IntStream.range(0, PROCESSES)
              .<Callable<List<Registration>>>mapToObj(run -> () -> killServices(run, services))
              .map(threads::submit)
              .toList();
      services.start(1);
      var registrations = new ArrayList<Registration>();
      for (var run : runs) {
        registrations.addAll(run.get());
      }
      var before = RegisteredItems.scan(dynamo, services.fixture.prefix);
      registrations.forEach(registration -> assertCompleteOrAbsent(registration, before));
      before.assertConsistent();
      var interrupted = registrations.stream().filter(each -> !each.isAcknowledged()).toList();
      System.out.printf(
          "%d kills: %d tenants registered, of %d interrupted registrations %d complete%n",
          KILLS,
          registrations.size() - interrupted.size(),
          interrupted.size(),
          interrupted.stream().filter(each -> before.isComplete(each.name())).count());
      assertFalse(interrupted.isEmpty());
      repeat(registrations, services, before);
      var after = RegisteredItems.scan(dynamo, services.fixture.prefix);
      after.assertConsistent();
      for (var registration : registrations) {
        assertTrue(after.isComplete(registration.name()), registration::name);
      }
    }
  }

  private static void assertCompleteOrAbsent(Registration registration, RegisteredItems items) {
    var complete = items.isComplete(registration.name());
    assertTrue(
        complete || (!registration.isAcknowledged() && items.isAbsent(registration.name())),
        () -> registration + " " + items);
  }

  /** Runs one service after the other. */
  private static List<Registration> killServices(int run, ServicesWithOperators services)
      throws Exception {
    var random = new Random(SEED + run);
    var registrations = new ArrayList<Registration>();
    for (var kill = 0; kill < KILLS / PROCESSES; kill++) {
      try (var process = new PartywallProcess(services.environment());
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var acknowledged = new Semaphore(0);
        var names = "r%d-%d".formatted(run, kill);
        var clients =
            IntStream.range(0, THREADS)
                .<Callable<List<Registration>>>mapToObj(thread ->
                    () ->
                        registerUntilKilled(
                            process.port(), names + "-" + thread, services, acknowledged))
                .map(threads::submit)
                .toList();
        assertTrue(
            acknowledged.tryAcquire(1 + random.nextInt(MAX_REGISTRATIONS), 1, TimeUnit.MINUTES),
            "the clients have ended");
        TimeUnit.MILLISECONDS.sleep(random.nextInt(MAX_DELAY_MILLIS));
        process.kill();
        for (var client : clients) {
          registrations.addAll(client.get());
        }
      }
    }
    return registrations;
  }

  private static List<Registration> registerUntilKilled(
      int port, String names, ServicesWithOperators services, Semaphore acknowledged)
      throws Exception {
    var registrations = new ArrayList<Registration>();
    while (true) {
      var name = names + "-" + registrations.size() / 2 + "-" + registrations.size() % 2;
      var registration = new Registration(name, "");
      try {
        var response = registration.sendUntilAccepted(port, services);
        registrations.add(new Registration(name, response.text()));
        acknowledged.release();
      } catch (IOException _) {
        registrations.add(registration);
        return registrations;
      }
    }
  }

  /**
   * Repeats each interrupted registration and the acknowledged one before it, at another service.
   */
  private static void repeat(
      List<Registration> registrations, ServicesWithOperators services, RegisteredItems before)
      throws Exception {
    for (var i = 0; i < registrations.size(); i++) {
      var registration = registrations.get(i);
      var precedesInterrupted =
          i + 1 < registrations.size() && !registrations.get(i + 1).isAcknowledged();
      if (!registration.isAcknowledged() || precedesInterrupted) {
        var port = services.ports().getFirst();
        var response = registration.sendUntilAccepted(port, services);
        try (var client = new RawClient(port)) {
          if (registration.isAcknowledged()) {
            assertEquals(registration.response(), response.text());
          }
          var id = id(response);
          before.idOf(registration.name()).ifPresent(earlier -> assertEquals(earlier, id));
          assertServed(client, id, registration.name(), services);
        }
      }
    }
  }

  private static String id(RawResponse response) {
    return Json.parse(response.text().getBytes(StandardCharsets.UTF_8)).required("id").textValue();
  }

  private static void assertServed(
      RawClient client, String id, String name, ServicesWithOperators services) throws IOException {
    var token = services.fixture.token(id, "alice");
    var tenant = send(client, "GET", "/tenant", token, "");
    assertEquals(200, tenant.status(), tenant::text);
    assertTrue(tenant.text().contains("\"name\":\"" + name + "\""), tenant::text);
    var order = send(client, "POST", "/orders", token, ORDER, "Content-Type: application/json");
    assertEquals(201, order.status(), order::text);
  }
}
