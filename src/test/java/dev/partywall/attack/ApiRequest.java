package dev.partywall.attack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP request, sent without validation: it may be malformed.
 *
 * @param headerLines complete header lines
 * @param body not sent if empty
 */
record ApiRequest(
    String method, String target, String host, List<String> headerLines, String body) {
  static ApiRequest of(String method, String target) {
    return new ApiRequest(method, target, "localhost", List.of(), "");
  }

  static ApiRequest get(String target) {
    return of("GET", target);
  }

  ApiRequest withToken(String token) {
    return withHeader("Authorization: Bearer " + token);
  }

  ApiRequest withHeader(String headerLine) {
    var extended = new ArrayList<>(headerLines);
    extended.add(headerLine);
    return new ApiRequest(method, target, host, List.copyOf(extended), body);
  }

  ApiRequest withHost(String otherHost) {
    return new ApiRequest(method, target, otherHost, headerLines, body);
  }

  ApiRequest withJson(String text) {
    return new ApiRequest(method, target, host, headerLines, text)
        .withHeader("Content-Type: application/json");
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  byte[] toBytes() {
    var content = body.getBytes(StandardCharsets.UTF_8);
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
    headerLines.forEach(field -> head.append(field).append("\r\n"));
    if (content.length > 0) {
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    var start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    var all = new byte[start.length + content.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(content, 0, all, start.length, content.length);
    return all;
  }
}
