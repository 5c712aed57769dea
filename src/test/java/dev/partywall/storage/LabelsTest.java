package dev.partywall.storage;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LabelsTest {
  @Test
  void rejectsKeysWithASeparator() {
    assertThrows(IllegalArgumentException.class, () -> new Labels("red#", "red"));
    assertThrows(IllegalArgumentException.class, () -> new Labels("red", "red#"));
  }
}
