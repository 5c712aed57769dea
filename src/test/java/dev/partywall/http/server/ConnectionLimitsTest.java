package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
  private static final long MANY = 1_048_576;

  @Test
  void followTheHeap() {
    assertEquals(new ConnectionLimits(8_192, 819, 409), ConnectionLimits.of(256L << 20, MANY));
    assertEquals(new ConnectionLimits(20_000, 3_276, 1_638), ConnectionLimits.of(1L << 30, MANY));
    assertEquals(new ConnectionLimits(20_000, 20_000, 13_107), ConnectionLimits.of(8L << 30, MANY));
  }

  @Test
  void leaveTwoThirdsOfTheFileDescriptors() {
    assertEquals(new ConnectionLimits(341, 341, 1_638), ConnectionLimits.of(1L << 30, 1_024));
    assertEquals(
        new ConnectionLimits(20_000, 20_000, 13_107),
        ConnectionLimits.of(8L << 30, Long.MAX_VALUE));
  }

  @Test
  void permitAFewConnectionsInTheSmallestHeap() {
    assertEquals(new ConnectionLimits(32, 16, 16), ConnectionLimits.of(1L << 20, 1_024));
  }
}
