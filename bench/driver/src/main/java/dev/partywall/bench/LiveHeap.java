package dev.partywall.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The live heap of a JVM after a full collection, by class. It shows the size of a cache without
 * support in the service.
 */
record LiveHeap(long bytes, Map<String, Long> instances) {
  /** Runs a collection and counts the instances. */
  static LiveHeap of(long pid) throws IOException, InterruptedException {
    var all = new HashMap<String, Long>();
    var total = 0L;
    for (var line :
        Jvm.runTool(List.of(Jvm.tool("jcmd"), Long.toString(pid), "GC.class_histogram"))) {
      var words = line.strip().split("\\s+");
      if (words[0].equals("Total")) {
        total = Long.parseLong(words[2]);
      } else if (words.length >= 4 && words[0].endsWith(":") && words[1].matches("\\d+")) {
        all.put(words[3], Long.parseLong(words[1]));
      }
    }
    return new LiveHeap(total, all);
  }

  /** Returns the number of instances of a product class. */
  double count(String name) {
    return instances.getOrDefault("dev.partywall." + name, 0L);
  }
}
