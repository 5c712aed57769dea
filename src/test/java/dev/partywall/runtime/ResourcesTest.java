package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ResourcesTest {
  private final Resources resources = new Resources();
  private final List<String> released = new ArrayList<>();

  @Test
  void releasesInTheReverseOrderAndOnlyOnce() {
    AutoCloseable first = () -> released.add("first");
    assertSame(first, resources.add("first", first));
    resources.addRelease("second", _ -> released.add("second"));
    resources.add("third", () -> released.add("third"));
    assertEquals(List.of(), resources.release(Duration.ZERO));
    assertEquals(List.of("third", "second", "first"), released);
    assertEquals(List.of(), resources.release(Duration.ZERO));
    assertEquals(3, released.size());
  }

  @Test
  void namesIncompleteReleasesAndContinues() {
    resources.add("first", () -> released.add("first"));
    resources.add(
        "failing",
        () -> {
          throw new IllegalStateException("test");
        });
    resources.addRelease("slow", _ -> false);
    assertEquals(List.of("slow", "failing"), resources.release(Duration.ZERO));
    assertEquals(List.of("first"), released);
  }

  /** Such as a resource that waits for a call to a dependency that does not answer. */
  @Test
  @Timeout(30)
  void aResourceThatIsNotClosedInTimeDoesNotDelayTheOthers() throws InterruptedException {
    var answer = new CountDownLatch(1);
    var first = new CountDownLatch(1);
    resources.add("first", first::countDown);
    resources.add("waiting", answer::await);
    assertEquals(List.of(), resources.release(Resources.MARGIN.negated()));
    first.await();
    answer.countDown();
  }

  @Test
  void sharesTheTimeout() {
    var timeouts = new ArrayList<Duration>();
    resources.addRelease("first", timeouts::add);
    resources.addRelease("second", timeouts::add);
    resources.release(Duration.ofHours(1));
    assertTrue(timeouts.get(0).compareTo(Duration.ofHours(1)) <= 0, timeouts::toString);
    assertTrue(timeouts.get(1).compareTo(timeouts.get(0)) <= 0, timeouts::toString);
    assertTrue(timeouts.get(1).compareTo(Duration.ofMinutes(50)) > 0, timeouts::toString);
  }
}
