package dev.partywall.http.filters;

import dev.partywall.http.Headers;
import dev.partywall.http.Headers.Field;
import dev.partywall.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Problem details that are encoded once, except for the two members that differ between requests.
 * Under a flood, most responses are rejections, and encoding one completely takes as much time as
 * the rest of its filters.
 */
final class EncodedProblem {
  private static final String SEPARATOR = "\",\"traceId\":\"";
  private static final String VARIABLE = "\"instance\":\"" + SEPARATOR;

  private final ProblemDetails problem;
  private final Headers headers;
  private final byte[] start;
  private final byte[] separator = encoded(SEPARATOR);
  private final byte[] end;

  /** Encodes these problem details. */
  EncodedProblem(ProblemDetails problem) {
    this.problem = problem;
    var template = problem.response("", "");
    this.headers = template.headers();
    var text = new String(template.body(), StandardCharsets.UTF_8);
    var variable = text.indexOf(VARIABLE);
    var split = variable + VARIABLE.length() - SEPARATOR.length();
    this.start = encoded(text.substring(0, split));
    this.end = encoded(text.substring(split + SEPARATOR.length()));
  }

  private static byte[] encoded(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the same response as {@link ProblemDetails#response}, with further fields. */
  Response response(String instance, String traceId, List<Field> further) {
    var path = ProblemDetails.clip(instance);
    if (!isPlain(path) || !isPlain(traceId)) {
      return problem.response(instance, traceId).withAll(further);
    }
    return new Response(problem.status(), headers.withAll(further), body(path, traceId));
  }

  /** Returns whether JSON contains the text without an escape, in one byte per character. */
  private static boolean isPlain(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private byte[] body(String path, String traceId) {
    var length = start.length + path.length() + separator.length + traceId.length() + end.length;
    var body = new byte[length];
    var at = append(start, body, 0);
    at = append(path, body, at);
    at = append(separator, body, at);
    at = append(traceId, body, at);
    append(end, body, at);
    return body;
  }

  private static int append(byte[] part, byte[] body, int at) {
    System.arraycopy(part, 0, body, at, part.length);
    return at + part.length;
  }

  private static int append(String part, byte[] body, int at) {
    for (var i = 0; i < part.length(); i++) {
      body[at + i] = (byte) part.charAt(i);
    }
    return at + part.length();
  }
}
