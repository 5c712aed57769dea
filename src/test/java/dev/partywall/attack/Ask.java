package dev.partywall.attack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP request, sent without validation: it may be malformed.
 *
 * @param fields complete header lines
 * @param body not sent if empty
 */
record Ask(String method, String target, String host, List<String> fields, String body) {
  static Ask of(String method, String target) {
    return new Ask(method, target, "localhost", List.of(), "");
  }

  static Ask get(String target) {
    return of("GET", target);
  }

  Ask as(String token) {
    return with("Authorization: Bearer " + token);
  }

  Ask with(String headerLine) {
    var extended = new ArrayList<>(fields);
    extended.add(headerLine);
    return new Ask(method, target, host, List.copyOf(extended), body);
  }

  Ask at(String otherHost) {
    return new Ask(method, target, otherHost, fields, body);
  }

  Ask json(String text) {
    return new Ask(method, target, host, fields, text).with("Content-Type: application/json");
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  byte[] bytes() {
    var content = body.getBytes(StandardCharsets.UTF_8);
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
    fields.forEach(field -> head.append(field).append("\r\n"));
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
