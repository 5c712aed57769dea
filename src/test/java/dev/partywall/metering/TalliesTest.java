package dev.partywall.metering;

import static dev.partywall.metering.Sample.ACME;
import static dev.partywall.metering.Sample.EIGHT;
import static dev.partywall.metering.Sample.GLOBEX;
import static dev.partywall.metering.Sample.NINE;
import static dev.partywall.metering.Sample.sums;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.partywall.storage.MovedClock;
import dev.partywall.tenancy.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TalliesTest {
  private final MovedClock clock = new MovedClock(EIGHT.plusSeconds(1800));
  private final Tallies tallies = new Tallies(clock, 3);
  private final List<Usage> taken = new ArrayList<>();

  @Test
  void whatWasAddedIsHandedOverOnce() throws IOException {
    use(5);
    tallies.drain(taken::addAll);
    tallies.drain(taken::addAll);
    use(2);
    tallies.drain(taken::addAll);
    assertEquals(requests(5, 2), taken.stream().map(Usage::amounts).toList());
  }

  @Test
  void whatCouldNotBeTakenIsHandedOverAgainWithWhatCameMeanwhile() throws IOException {
    use(5);
    assertThrows(IOException.class, () -> tallies.drain(TalliesTest::full));
    use(2);
    tallies.drain(taken::addAll);
    assertEquals(requests(7), taken.stream().map(Usage::amounts).toList());
  }

  @Test
  void whatEndsLateCountsInTheHourInWhichItBegan() throws IOException {
    var tally = tallies.enter(ACME);
    clock.move(Duration.ofHours(1));
    use(1);
    tallies.drain(taken::addAll);
    tally.sent(900);
    tally.leave();
    tallies.drain(taken::addAll);
    var expected =
        Map.of(
            "acme " + EIGHT, Amounts.of(Measure.BYTES_OUT, 900),
            "acme " + NINE, Amounts.of(Measure.REQUESTS, 1));
    assertEquals(expected, sums(taken));
  }

  @Test
  void aClockThatGoesBackAddsToTheEarlierHourAgain() throws IOException {
    use(1);
    clock.move(Duration.ofHours(1));
    use(2);
    tallies.drain(taken::addAll);
    clock.move(Duration.ofHours(-1));
    use(4);
    tallies.drain(taken::addAll);
    var expected =
        Map.of(
            "acme " + EIGHT, Amounts.of(Measure.REQUESTS, 5),
            "acme " + NINE, Amounts.of(Measure.REQUESTS, 2));
    assertEquals(expected, sums(taken));
  }

  @Test
  void anHourThatIsOverIsForgottenOnceItIsWritten() throws IOException {
    for (var hour = 0; hour < 10; hour++) {
      use(1);
      clock.move(Duration.ofHours(1));
      tallies.drain(taken::addAll);
    }
    assertEquals(10, sums(taken).size());
    assertEquals(Amounts.NONE, tallies.beyond());
  }

  @Test
  void moreTenantsThanThereIsRoomForFitIntoAnHourIfTheyComeOneByOne() throws IOException {
    for (var tenant = 0; tenant < 10; tenant++) {
      tallies.enter(new TenantId("t" + tenant)).leave();
      tallies.enter(ACME).leave();
      use(1);
      tallies.drain(taken::addAll);
    }
    assertEquals(Map.of("acme " + EIGHT, Amounts.of(Measure.REQUESTS, 10)), sums(taken));
    assertEquals(Amounts.NONE, tallies.beyond());
  }

  @Test
  void whatThereIsNoRoomForIsNotKeptSilent() throws IOException {
    for (var hour = 0; hour < 5; hour++) {
      use(1);
      assertThrows(IOException.class, () -> tallies.drain(TalliesTest::full));
      clock.move(Duration.ofHours(1));
    }
    tallies.drain(taken::addAll);
    assertEquals(3, sums(taken).size());
    assertEquals(Amounts.of(Measure.REQUESTS, 2), tallies.beyond());
    assertEquals(Amounts.NONE, tallies.beyond());
  }

  @Test
  void nothingIsLostOrDoubledWhileManyAddAndTheHourTurns() throws Exception {
    var busy = new AtomicBoolean(true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var drain =
          threads.submit(() -> {
            while (busy.get()) {
              clock.move(Duration.ofMinutes(7));
              tallies.drain(taken::addAll);
            }
            return null;
          });
      try (var users = Executors.newFixedThreadPool(4)) {
        for (var user = 0; user < 4; user++) {
          users.execute(() -> useMany(20_000));
        }
      }
      busy.set(false);
      drain.get();
    }
    tallies.drain(taken::addAll);
    var total = taken.stream().map(Usage::amounts).reduce(tallies.beyond(), Amounts::plus);
    assertEquals(80_000, total.steps(Measure.REQUESTS));
  }

  private void useMany(int times) {
    for (var i = 0; i < times; i++) {
      var tally = tallies.enter(i % 2 == 0 ? ACME : GLOBEX);
      tally.request();
      tally.leave();
    }
  }

  private void use(int times) {
    for (var i = 0; i < times; i++) {
      var tally = tallies.enter(ACME);
      tally.request();
      tally.leave();
    }
  }

  private static List<Amounts> requests(long... counts) {
    return java.util.Arrays.stream(counts)
        .mapToObj(it -> Amounts.of(Measure.REQUESTS, it))
        .toList();
  }

  private static void full(List<Usage> usage) throws IOException {
    throw new IOException("no space for " + usage.size());
  }
}
