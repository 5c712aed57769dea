package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.local.aws.Weather;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DynamoDB goes away in the middle of 1,000 requests on 200 connections. */
@ExtendWith(SharedHouse.class)
class DynamoAwayTest {
  private static final int CONNECTIONS = 200;
  private static final int EACH = 5;

  private final House house;
  private final Scenario scenario;
  private final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
  private final AtomicInteger sent = new AtomicInteger();

  DynamoAwayTest(House house) {
    this.house = house;
    this.scenario = new Scenario(house);
  }

  /**
   * What happens to it.
   *
   * @param after how many requests; who waits for a hanging one has to be patient
   */
  record Turn(int after, Consumer<Weather> weather) {}

  static List<Named<Turn>> turns() {
    return List.of(
        Named.of("is gone", new Turn(500, Weather::gone)),
        Named.of("says that it is", new Turn(500, Weather::unavailable)),
        Named.of("hangs", new Turn(950, it -> it.delay(Duration.ofSeconds(60)))));
  }

  @AfterEach
  void mend() {
    house.aws().aws().dynamo().back();
    house.aws().aws().dynamo().delay(Duration.ZERO);
  }

  /**
   * A connection gives up after a minute, so that a request which is never answered fails the test.
   */
  @ParameterizedTest
  @MethodSource("turns")
  void everyRequestIsAnsweredAndServiceResumesByItselfWhenDynamoDb(Turn turn) throws Exception {
    Gang.run(CONNECTIONS, member -> ask(member, turn));
    assertTrue(Set.of(200, 201, 503).containsAll(answers.keySet()), answers::toString);
    assertEquals(CONNECTIONS * EACH, answers.values().stream().mapToInt(AtomicInteger::get).sum());
    assertTrue(answers.containsKey(503) && answers.containsKey(200), answers::toString);
    mend();
    awaitService();
  }

  private void ask(int member, Turn turn) {
    try (var phone = new Phone(house.port())) {
      for (var i = 0; i < EACH; i++) {
        if (sent.incrementAndGet() == turn.after()) {
          turn.weather().accept(house.aws().aws().dynamo());
        }
        var tenant = house.residents().get(member % house.residents().size()).name();
        var answer = member % 4 == 0 ? scenario.place(phone, tenant) : scenario.list(phone, tenant);
        answers.computeIfAbsent(answer.status(), _ -> new AtomicInteger()).incrementAndGet();
      }
    }
  }

  /** No restart, no intervention: sooner or later every tenant is served again. */
  private void awaitService() throws InterruptedException {
    try (var phone = new Phone(house.port())) {
      for (var resident : house.residents()) {
        while (scenario.list(phone, resident.name()).status() != 200) {
          Thread.sleep(20);
        }
        assertEquals(201, scenario.place(phone, resident.name()).status());
      }
    }
  }
}
