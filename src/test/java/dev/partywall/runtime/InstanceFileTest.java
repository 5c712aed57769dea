package dev.partywall.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceFileTest {
  @TempDir Path directory;

  @Test
  void namesTheEarlierInstancesUntilTheyAreRemoved() {
    var file = new InstanceFile(directory);
    assertEquals(Set.of(), file.add("a"));
    assertEquals(Set.of("a"), file.add("b"));
    assertEquals(Set.of("a", "b"), file.add("c"));
    file.retain("c");
    assertEquals(Set.of("c"), file.add("d"));
  }
}
