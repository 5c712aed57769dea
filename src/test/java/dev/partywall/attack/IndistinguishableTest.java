package dev.partywall.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.partywall.http.RawClient.Answer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A neighbour's order, and one that never was. */
@ExtendWith(SharedHouse.class)
class IndistinguishableTest {
  private static final String NEVER = "01J00000000000000000000000";

  private final House house;

  IndistinguishableTest(House house) {
    this.house = house;
  }

  /** What a caller can see, and what DynamoDB was asked, but for the order's own name. */
  private record Sight(int status, List<String> header, String body, List<String> calls) {}

  private Sight sight(Scene scene, String method, String id) {
    var recorder = house.aws().aws().recorder();
    recorder.clear();
    var ask = scene.ask(method, "/orders/" + id);
    var whole = method.equals("PUT") ? ask.with("If-Match: *").json(scene.me().order()) : ask;
    try (var phone = new Phone(house.port())) {
      var answer = phone.ask(whole);
      return new Sight(answer.status(), header(answer), body(answer, id), calls());
    }
  }

  /**
   * The names of the fields, in order, and how long each is; which second it is does not matter.
   */
  private static List<String> header(Answer answer) {
    return answer.header().stream()
        .map(line -> line.substring(0, line.indexOf(':')) + " " + line.length())
        .toList();
  }

  private static String body(Answer answer, String id) {
    return answer
        .text()
        .replace(id, "[id]")
        .replaceFirst("\"traceId\":\"[0-9a-f]{32}\"", "\"traceId\":\"[trace]\"");
  }

  /** Of the tenant; its queries are left out, since its orders are counted in the background. */
  private List<String> calls() {
    var role = house.aws().template().name("TenantRole");
    return house.aws().aws().recorder().decisions().stream()
        .filter(it -> it.principal().contains(role) && !it.action().equals("dynamodb:Query"))
        .map(it -> it.principal() + " " + it.action() + " " + it.resource())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE"})
  void canNotBeToldApart(String method) {
    for (var scene : Gang.scenes(house)) {
      var never = sight(scene, method, NEVER);
      for (var id : List.of(scene.them().orders().getFirst(), scene.them().orders().getLast())) {
        assertEquals(never, sight(scene, method, id));
      }
      assertEquals(404, never.status());
      assertEquals(1, never.calls().size(), never::toString);
    }
  }

  @Test
  void theComparisonSeesADifferenceWhereThereIsOne() {
    var me = house.residents().getFirst();
    var scene = new Scene(house, me, me, new SplittableRandom(1));
    assertNotEquals(sight(scene, "GET", NEVER), sight(scene, "GET", me.orders().getFirst()));
  }
}
