package dev.partywall.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
  private static final long MANY = 1_048_576;

  @Test
  void followTheHeap() {
    assertEquals(new ConnectionLimits(2_184, 409), ConnectionLimits.of(256L << 20, MANY));
    assertEquals(new ConnectionLimits(8_738, 1_638), ConnectionLimits.of(1L << 30, MANY));
    assertEquals(new ConnectionLimits(65_536, 13_107), ConnectionLimits.of(8L << 30, MANY));
  }

  @Test
  void leaveAThirdOfFewFileDescriptors() {
    assertEquals(new ConnectionLimits(341, 1_638), ConnectionLimits.of(1L << 30, 1_024));
  }

  @Test
  void leaveFileDescriptorsForAllCallsOfTheService() {
    assertEquals(new ConnectionLimits(9_488, 3_276), ConnectionLimits.of(2L << 30, 20_000));
    assertEquals(
        new ConnectionLimits(65_536, 13_107), ConnectionLimits.of(8L << 30, Long.MAX_VALUE));
  }

  /** A client address has 65,535 ports at most. */
  @Test
  void exceedTheConnectionsOfOneClientAddress() {
    assertEquals(65_536, ConnectionLimits.of(8L << 30, MANY).open());
  }

  @Test
  void permitAFewConnectionsInTheSmallestHeap() {
    assertEquals(new ConnectionLimits(16, 16), ConnectionLimits.of(1L << 20, 1_024));
  }

  @Test
  void keepHalfOfTheConnectionsForNewOnes() {
    assertEquals(4_369, ConnectionLimits.kept(8_738));
  }
}
