package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.error.ApiError;
import dev.partywall.error.ApiException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamBodyTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

  @Test
  void isReadOnceAndCached() {
    var bytes = "hello".getBytes(StandardCharsets.UTF_8);
    var body = new StreamBody(new ByteArrayInputStream(bytes), 5, 100, LONG);

    assertArrayEquals(bytes, body.bytes());
    assertSame(body.bytes(), body.bytes());
    assertTrue(body.isFullyRead());
  }

  @Test
  void acceptsExactlyTheLimit() {
    assertEquals(100, new StreamBody(zeros(100), -1, 100, LONG).bytes().length);
    assertRejected(new ApiError.TooLarge(100), new StreamBody(zeros(101), -1, 100, LONG));
  }

  @Test
  void rejectsADeclaredSizeAboveTheLimitWithoutReading() {
    assertRejected(new ApiError.TooLarge(100), new StreamBody(unconnected(), 101, 100, LONG));
  }

  @Test
  void readsABufferedBodyToItsEnd() {
    assertTrue(new StreamBody(zeros(10), 10, 100, LONG).isFullyRead());
    assertTrue(new StreamBody(zeros(0), 0, 100, LONG).isFullyRead());
  }

  @Test
  void reportsWhetherItIsBuffered() throws IOException {
    assertTrue(new StreamBody(zeros(10), 10, 100, LONG).isBuffered());
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      pipe.write(new byte[9]);

      assertFalse(new StreamBody(in, 10, 100, LONG).isBuffered());
    }
  }

  @Test
  void isNotAtEndWhileBytesAreMissing() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      pipe.write(new byte[9]);

      assertFalse(new StreamBody(in, 10, 100, LONG).isFullyRead());
    }
  }

  @Test
  void timesOut() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      pipe.write(new byte[9]);
      var body = new StreamBody(in, 10, 100, SHORT);

      var rejected = assertThrows(ApiException.class, body::bytes);

      assertInstanceOf(ApiError.Unavailable.class, rejected.error());
      assertFalse(body.isFullyRead());
    }
  }

  @Test
  void stopsWaitingWhenInterrupted() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      var body = new StreamBody(in, 10, 100, LONG);

      Thread.currentThread().interrupt();
      var rejected = assertThrows(ApiException.class, body::bytes);

      assertInstanceOf(ApiError.Unavailable.class, rejected.error());
      assertTrue(Thread.interrupted(), "the interrupt must stay pending");
    }
  }

  @Test
  void reportsParserExceptionsAsInvalidFraming() {
    var malformed = new ApiError.Malformed("The framing of the request body is invalid.", true);
    assertRejected(malformed, new StreamBody(unconnected(), -1, 100, LONG));
  }

  @Test
  void hasACertainEndIfItIsAbsentOrParsedJson() {
    assertTrue(body("", 0).hasCertainEnd());
    var parsed = body("{}", 2);
    parsed.bytes();
    assertFalse(parsed.hasCertainEnd(), "a body that was only read can be anything");
    parsed.parsedAsJson();
    assertTrue(parsed.hasCertainEnd());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n{}", " {}", "\r\n{}", "\t1"})
  void hasNoCertainEndIfItBeginsWithWhiteSpace(String json) {
    var body = body(json, json.length());
    body.bytes();
    body.parsedAsJson();

    assertFalse(body.hasCertainEnd());
  }

  @Test
  void hasNoCertainEndIfItIsChunked() {
    var body = body("{}", -1);
    body.bytes();
    body.parsedAsJson();

    assertFalse(body.hasCertainEnd());
  }

  @Test
  void lingersUntilTheBodyIsComplete() {
    var body = new StreamBody(zeros(1_000_000), 1_000_000, 100, LONG);
    assertRejected(new ApiError.TooLarge(100), body);

    body.linger(LONG);

    assertTrue(body.isFullyRead());
  }

  @Test
  void lingersNoLongerThanTheTimeout() throws IOException {
    try (var pipe = new PipedOutputStream();
        var in = new PipedInputStream(pipe)) {
      var body = new StreamBody(in, 10, 100, LONG);

      body.linger(SHORT);

      assertFalse(body.isFullyRead());
    }
  }

  private static void assertRejected(ApiError refusal, StreamBody body) {
    assertEquals(refusal, assertThrows(ApiException.class, body::bytes).error());
  }

  private static StreamBody body(String text, long declared) {
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return new StreamBody(in, declared, 100, LONG);
  }

  private static InputStream zeros(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }

  /** Returns a pipe without a writer: reading from it fails. */
  private static InputStream unconnected() {
    return new PipedInputStream();
  }
}
