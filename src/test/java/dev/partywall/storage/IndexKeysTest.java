package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class IndexKeysTest {
  @Test
  void rejectsKeysWithASeparator() {
    assertThrows(IllegalArgumentException.class, () -> new IndexKeys("red#", "red"));
    assertThrows(IllegalArgumentException.class, () -> new IndexKeys("red", "red#"));
  }
}
