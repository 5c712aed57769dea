package dev.partywall.attack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory, sockets and virtual threads of another JVM, after a full garbage collection.
 *
 * @param heapBytes the size of all reachable objects
 */
public record ProcessFootprint(long heapBytes, long sockets, long virtualThreads) {
  /** Measures the process with {@code jcmd}, which lists all reachable objects. */
  public static ProcessFootprint of(long pid) throws IOException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
            .redirectErrorStream(true)
            .start();
    var lines = process.inputReader().lines().toList();
    return new ProcessFootprint(
        number(lines, "Total +\\d+ +(\\d+)"),
        number(lines, " *\\d+: +(\\d+) +\\d+ +sun\\.nio\\.ch\\.SocketChannelImpl .*"),
        number(lines, " *\\d+: +(\\d+) +\\d+ +java\\.lang\\.VirtualThread .*"));
  }

  private static long number(List<String> lines, String pattern) {
    var compiled = Pattern.compile(pattern);
    return lines.stream()
        .map(compiled::matcher)
        .filter(Matcher::matches)
        .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
        .findFirst()
        .orElse(0);
  }
}
