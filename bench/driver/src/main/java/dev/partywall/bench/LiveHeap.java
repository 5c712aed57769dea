package dev.partywall.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What lives in a JVM's heap after a full collection, class by class: so the size of a cache can be
 * seen without asking the service.
 */
record LiveHeap(long bytes, Map<String, Long> instances) {
  /** Collects, and counts. */
  static LiveHeap of(long pid) throws IOException, InterruptedException {
    var all = new HashMap<String, Long>();
    var total = 0L;
    for (var line :
        Jvm.run(List.of(Jvm.tool("jcmd"), Long.toString(pid), "GC.class_histogram"))) {
      var words = line.strip().split("\\s+");
      if (words[0].equals("Total")) {
        total = Long.parseLong(words[2]);
      } else if (words.length >= 4 && words[0].endsWith(":") && words[1].matches("\\d+")) {
        all.put(words[3], Long.parseLong(words[1]));
      }
    }
    return new LiveHeap(total, all);
  }

  /** How many there are of a class of the product's. */
  double count(String name) {
    return instances.getOrDefault("dev.partywall." + name, 0L);
  }
}
