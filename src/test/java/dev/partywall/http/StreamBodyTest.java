package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamBodyTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

  @Test
  void isReadOnceAndGivenAsOftenAsItIsAskedFor() {
    var bytes = "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var body = new StreamBody(new ByteArrayInputStream(bytes), 5, 100, LONG);

    assertArrayEquals(bytes, body.bytes());
    assertSame(body.bytes(), body.bytes());
    assertTrue(body.isAtEnd());
  }

  @Test
  void takesExactlyTheLimitAndNotAByteMore() {
    assertEquals(100, new StreamBody(zeros(100), -1, 100, LONG).bytes().length);
    refuses(new Refusal.TooLarge(100), new StreamBody(zeros(101), -1, 100, LONG));
  }

  @Test
  void refusesAtOnceWhatPromisesToBeTooLarge() {
    refuses(new Refusal.TooLarge(100), new StreamBody(broken(), 101, 100, LONG));
  }

  @Test
  void takesInWhatIsHereAlreadySoThatTheConnectionCanGoOn() {
    assertTrue(new StreamBody(zeros(10), 10, 100, LONG).isAtEnd());
    assertTrue(new StreamBody(zeros(0), 0, 100, LONG).isAtEnd());
  }

  @Test
  void saysWhetherItWouldHaveToBeWaitedFor() throws IOException {
    assertTrue(new StreamBody(zeros(10), 10, 100, LONG).isHere());
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      pipe.write(new byte[9]);

      assertFalse(new StreamBody(in, 10, 100, LONG).isHere());
    }
  }

  @Test
  void doesNotWaitForTheRest() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      pipe.write(new byte[9]);

      assertFalse(new StreamBody(in, 10, 100, LONG).isAtEnd());
    }
  }

  @Test
  void givesUpWhenTheTimeIsUp() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      pipe.write(new byte[9]);
      var body = new StreamBody(in, 10, 100, SHORT);

      var refused = assertThrows(Refused.class, body::bytes);

      assertInstanceOf(Refusal.Unavailable.class, refused.refusal());
      assertFalse(body.isAtEnd());
    }
  }

  @Test
  void givesUpWhenItIsInterruptedAndLeavesTheStreamAlone() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      var body = new StreamBody(in, 10, 100, LONG);

      Thread.currentThread().interrupt();
      var refused = assertThrows(Refused.class, body::bytes);

      assertInstanceOf(Refusal.Unavailable.class, refused.refusal());
      assertTrue(Thread.interrupted(), "who interrupted has to see that it was heard");
    }
  }

  @Test
  void takesWhateverTheParserTripsOverForBrokenFraming() {
    var broken = new Refusal.Malformed("the body's framing is broken", true);
    refuses(broken, new StreamBody(broken(), -1, 100, LONG));
  }

  @Test
  void lingersUntilTheCallerHasSentEverything() {
    var body = new StreamBody(zeros(1_000_000), 1_000_000, 100, LONG);
    refuses(new Refusal.TooLarge(100), body);

    body.linger(LONG);

    assertTrue(body.isAtEnd());
  }

  @Test
  void lingersNoLongerThanItIsToldTo() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      var body = new StreamBody(in, 10, 100, LONG);

      body.linger(SHORT);

      assertFalse(body.isAtEnd());
    }
  }

  private static void refuses(Refusal refusal, StreamBody body) {
    assertEquals(refusal, assertThrows(Refused.class, body::bytes).refusal());
  }

  private static InputStream zeros(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }

  /** A pipe that nobody writes to: reading it fails. */
  private static InputStream broken() {
    return new PipedInputStream();
  }
}
