package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tenant's credentials end while it reads a list page by page. */
@ExtendWith(SharedHouse.class)
class CredentialsEndTest {
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");

  private final House house;
  private final Scenario scenario;

  CredentialsEndTest(House house) {
    this.house = house;
    this.scenario = new Scenario(house);
  }

  /** One of each placement. */
  @ParameterizedTest
  @ValueSource(strings = {"acm", "acme1", "initech"})
  void theCallerNoticesNothingOfCredentialsThatAreOver(String tenant) {
    var whole = pages(tenant, () -> {});
    var keys = new ArrayList<String>();
    var interrupted =
        pages(
            tenant,
            () -> {
              // Older than those that AWS could not be blamed for refusing.
              house.clock().pass(Duration.ofSeconds(10));
              keys.add(scenario.accessKey(tenant));
              house.aws().aws().expire(keys.getLast());
            });
    assertEquals(whole, interrupted);
    assertEquals(keys.size(), keys.stream().distinct().count(), "new ones each time");
  }

  @ParameterizedTest
  @ValueSource(strings = {"acm", "acme1", "initech"})
  void theCallerNoticesNothingOfCredentialsThatAreReplacedAheadOfTheirEnd(String tenant) {
    var whole = pages(tenant, () -> {});
    var before = scenario.accessKey(tenant);
    var interrupted = pages(tenant, () -> house.clock().pass(Duration.ofMinutes(25)));
    assertEquals(whole, interrupted);
    assertNotEquals(before, scenario.accessKey(tenant));
  }

  private List<String> pages(String tenant, Runnable between) {
    var ids = new ArrayList<String>();
    try (var phone = new Phone(house.port())) {
      var cursor = Optional.of("");
      while (cursor.isPresent()) {
        var ask =
            Ask.get("/orders?limit=1&user=alice" + cursor.get())
                .as(house.tokens().of(tenant, Resident.ALICE));
        var answer = phone.ask(ask);
        assertEquals(200, answer.status(), answer::toString);
        ID.matcher(answer.text()).results().map((MatchResult it) -> it.group(1)).forEach(ids::add);
        var next = NEXT.matcher(answer.text());
        cursor = next.find() ? Optional.of("&cursor=" + next.group(1)) : Optional.empty();
        cursor.ifPresent(_ -> between.run());
      }
    }
    return ids;
  }
}
