package dev.partywall.tenancy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestGenerationsTest {
  private final AtomicLong nanoClock = new AtomicLong();
  private final RequestGenerations generations = new RequestGenerations(nanoClock::get);

  @Test
  void aChangeWithoutEarlierRequestsIsAcknowledgedAtOnce() {
    assertEquals(0, generations.acknowledged());
    generations.begin().end();
    generations.applied(7);
    assertEquals(7, generations.acknowledged());
  }

  @Test
  void aRequestThatBeganBeforeAChangeDelaysItUntilItsEnd() {
    generations.applied(3);
    var request = generations.begin();
    generations.applied(4);
    assertEquals(3, generations.acknowledged());
    request.end();
    assertEquals(4, generations.acknowledged());
  }

  @Test
  void aRequestThatBeginsAfterAChangeDoesNotDelayIt() {
    generations.applied(4);
    generations.begin();
    assertEquals(4, generations.acknowledged());
  }

  @Test
  void changesAreAcknowledgedInTheirOrder() {
    var first = generations.begin();
    generations.applied(1);
    var second = generations.begin();
    generations.applied(2);
    second.end();
    assertEquals(0, generations.acknowledged());
    first.end();
    assertEquals(2, generations.acknowledged());
  }

  @Test
  void aPollWithoutANewChangeStartsNoGeneration() {
    generations.applied(5);
    generations.begin();
    generations.applied(5);
    assertEquals(5, generations.acknowledged());
  }

  @Test
  void aWriteWithUnknownResultDelaysTheChangeBy10Seconds() {
    var request = generations.begin();
    generations.applied(1);
    generations.recordUnknownResult();
    request.end();
    nanoClock.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
    assertEquals(0, generations.acknowledged());
    nanoClock.incrementAndGet();
    assertEquals(1, generations.acknowledged());
  }

  /** Otherwise a tenant whose writes are throttled would delay the changes of all tenants. */
  @Test
  void aWriteWithUnknownResultDelaysNoChangeThatItsRequestKnows() {
    generations.begin().end();
    generations.recordUnknownResult();
    generations.applied(1);
    for (var second = 0; second < 10; second++) {
      assertEquals(0, generations.acknowledged());
      nanoClock.addAndGet(Duration.ofSeconds(1).toNanos());
      var throttled = generations.begin();
      generations.recordUnknownResult();
      throttled.end();
    }
    assertEquals(1, generations.acknowledged());
  }

  @Test
  void aWriteWithUnknownResultBeforeTheChangeDelaysItToo() {
    generations.begin().end();
    generations.recordUnknownResult();
    generations.applied(1);
    assertEquals(0, generations.acknowledged());
    nanoClock.addAndGet(Duration.ofSeconds(10).toNanos());
    assertEquals(1, generations.acknowledged());
  }
}
