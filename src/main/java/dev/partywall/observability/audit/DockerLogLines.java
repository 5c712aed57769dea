package dev.partywall.observability.audit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Extracts the lines of a service from the files of Docker's {@code json-file} log driver. Each
 * line of such a file is an object with the text of a line in {@code log}. Docker splits a line of
 * more than 16 KiB into several objects; only the last of them ends with a line feed. Any other
 * line is returned unchanged.
 *
 * @see <a href="https://docs.docker.com/engine/logging/drivers/json-file/">JSON File logging driver
 *     </a>
 */
final class DockerLogLines {
  private static final String START = "{\"log\":\"";
  private static final JsonMapper JSON = new JsonMapper();

  /** The parts of unfinished lines, by output stream. */
  private final Map<String, StringBuilder> parts = new HashMap<>();

  /**
   * Returns the line of the service that this line completes; empty if it completes none.
   *
   * @param line a line of the file, in which each character represents one byte
   */
  List<String> lines(String line) {
    if (!line.startsWith(START)) {
      return List.of(line);
    }
    try {
      var node = JSON.readTree(line.getBytes(StandardCharsets.ISO_8859_1));
      return node.path("stream").isTextual()
          ? completed(node.path("stream").textValue(), node.path("log").asText())
          : List.of(line);
    } catch (IOException _) { // not from Docker, or cut
      return List.of(line);
    }
  }

  private List<String> completed(String stream, String text) {
    var part = parts.computeIfAbsent(stream, _ -> new StringBuilder());
    part.append(bytes(text));
    if (!text.endsWith("\n")) {
      return List.of();
    }
    var line = part.substring(0, part.length() - 1);
    part.setLength(0);
    return List.of(line);
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
