package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tenant's credentials expire or are replaced while it reads a list page by page. */
@WithAttackFixture
class CredentialExpiryTest {
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");

  private final AttackFixture fixture;
  private final TenantTraffic scenario;

  CredentialExpiryTest(AttackFixture fixture) {
    this.fixture = fixture;
    this.scenario = new TenantTraffic(fixture);
  }

  /** Runs for one tenant of each placement. */
  @ParameterizedTest
  @ValueSource(strings = {"acm", "acme1", "initech"})
  void expiredCredentialsDoNotAffectTheCaller(String tenant) {
    var complete = pages(tenant, () -> {});
    var keys = new ArrayList<String>();
    var interrupted =
        pages(
            tenant,
            () -> {
              // The service replaces rejected credentials only if they are older than 5 s.
              fixture.clock().advance(Duration.ofSeconds(10));
              keys.add(scenario.accessKey(tenant));
              fixture.aws().aws().expire(keys.getLast());
            });
    assertEquals(complete, interrupted);
    assertEquals(keys.size(), keys.stream().distinct().count(), "each page uses new credentials");
  }

  @ParameterizedTest
  @ValueSource(strings = {"acm", "acme1", "initech"})
  void credentialsReplacedBeforeTheyExpireDoNotAffectTheCaller(String tenant) {
    var complete = pages(tenant, () -> {});
    var before = scenario.accessKey(tenant);
    var interrupted = pages(tenant, () -> fixture.clock().advance(Duration.ofMinutes(25)));
    assertEquals(complete, interrupted);
    assertNotEquals(before, scenario.accessKey(tenant));
  }

  private List<String> pages(String tenant, Runnable betweenPages) {
    var ids = new ArrayList<String>();
    try (var client = new AttackHttpClient(fixture.port())) {
      var cursor = Optional.of("");
      while (cursor.isPresent()) {
        var request =
            ApiRequest.get("/orders?limit=1&user=alice" + cursor.get())
                .withToken(fixture.tokens().of(tenant, SeededTenant.COMMON_USER));
        var answer = client.send(request);
        assertEquals(200, answer.status(), answer::toString);
        ID.matcher(answer.text())
            .results()
            .map((MatchResult match) -> match.group(1))
            .forEach(ids::add);
        var next = NEXT.matcher(answer.text());
        cursor = next.find() ? Optional.of("&cursor=" + next.group(1)) : Optional.empty();
        cursor.ifPresent(_ -> betweenPages.run());
      }
    }
    return ids;
  }
}
