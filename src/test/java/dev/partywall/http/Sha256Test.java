package dev.partywall.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Sha256Test {
  /** The first example of FIPS 180-4. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void computesTheExampleOfTheStandard() {
    var content = "abc".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(HexFormat.of().parseHex(ABC), Sha256.of(content));
    assertEquals(ABC, Sha256.hex(content));
  }

  /** Stored keys contain these names. */
  @Test
  void namesTextsByTheStartOfTheirDigest() {
    assertEquals("jJA4d3qcXBf_wtKjWzrNzg", Sha256.name(List.of("alice"), 16));
    assertEquals(
        "4SB-7hnSlfNSmor17Amncwn2YRw5-Cq2wrKS10Wz5SE", Sha256.name(List.of("alice", "k"), 32));
  }

  @Test
  void separatesTheTexts() {
    assertNotEquals(Sha256.name(List.of("a", "b"), 32), Sha256.name(List.of("ab", ""), 32));
    assertNotEquals(Sha256.name(List.of("a", "b"), 32), Sha256.name(List.of("a1:b"), 32));
    assertArrayEquals(
        Arrays.copyOf(Sha256.of("5:alice1:k".getBytes(StandardCharsets.UTF_8)), 8),
        Sha256.of(List.of("alice", "k"), 8));
  }
}
