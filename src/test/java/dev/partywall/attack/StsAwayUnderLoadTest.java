package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** STS is away for ten minutes, by a clock that the test puts forward, while tenants go on. */
@ExtendWith(SharedHouse.class)
class StsAwayUnderLoadTest {
  private static final int TENANTS = 12;
  private static final Duration STEP = Duration.ofSeconds(10);

  private final House house;
  private final Scenario scenario;
  private final String group = "known-" + UUID.randomUUID().toString().substring(0, 8) + "-";
  private final List<String> known = IntStream.range(0, TENANTS).mapToObj(i -> group + i).toList();

  StsAwayUnderLoadTest(House house) {
    this.house = house;
    this.scenario = new Scenario(house);
  }

  @BeforeEach
  void meet() throws Exception {
    load(Duration.ZERO, STEP);
  }

  @AfterEach
  void mend() {
    house.aws().aws().sts().back();
    house.aws().aws().sts().delay(Duration.ZERO);
  }

  /** Each known tenant asks in each step, all at once, and each of them is served. */
  private void load(Duration time, Duration step) throws Exception {
    for (var passed = Duration.ZERO; passed.compareTo(time) <= 0; passed = passed.plus(step)) {
      step(step);
    }
  }

  private void step(Duration time) throws Exception {
    Gang.run(
        TENANTS,
        member -> {
          try (var phone = new Phone(house.port())) {
            var answer = scenario.list(phone, known.get(member));
            assertEquals(200, answer.status(), answer::toString);
          }
        });
    house.clock().pass(time);
  }

  @Test
  void knownTenantsNoticeNothingAndAfterwardsEachAsksOnce() throws Exception {
    // Just before the first of them would be renewed: the worst moment there is.
    house.clock().pass(Duration.ofMinutes(34));
    house.aws().aws().sts().gone();
    load(Duration.ofMinutes(10), STEP);
    house.aws().aws().sts().back();
    var before = scenario.asked(group);
    // In small steps: calls to STS take their time by the machine's clock.
    while (scenario.asked(group) - before < TENANTS) {
      step(Duration.ofSeconds(1));
    }
    load(Duration.ofMinutes(20), Duration.ofMinutes(2));
    // Once for each: no stampede, neither of those that waited nor of any that ask twice.
    assertEquals(TENANTS, scenario.asked(group) - before);
  }

  @Test
  void aNewTenantIsToldToComeBackAndIsServedSoonAfterStsIs() throws Exception {
    house.aws().aws().sts().gone();
    var stranger = "new-" + System.nanoTime();
    Gang.run(
        50,
        _ -> {
          try (var phone = new Phone(house.port())) {
            var answer = scenario.list(phone, stranger);
            assertEquals(503, answer.status());
            assertTrue(answer.field("Retry-After").isPresent());
          }
        });
    // However many ask: one call for all of them, tried twice, as the SDK does.
    assertEquals(2, scenario.asked(stranger));
    house.aws().aws().sts().back();
    house.clock().pass(Duration.ofSeconds(2));
    serve(stranger);
    assertEquals(3, scenario.asked(stranger));
  }

  /** The answer comes within the request's own limit, which the connection would not outlast. */
  @Test
  void anStsThatHangsHoldsANewTenantUpNoLongerThanARequestMayTake() throws Exception {
    house.aws().aws().sts().delay(Duration.ofSeconds(60));
    try (var phone = new Phone(house.port())) {
      assertEquals(503, scenario.list(phone, "new-" + System.nanoTime()).status());
      assertEquals(200, scenario.list(phone, known.getFirst()).status());
    }
  }

  private void serve(String tenant) {
    try (var phone = new Phone(house.port())) {
      assertEquals(200, scenario.list(phone, tenant).status());
    }
  }
}
