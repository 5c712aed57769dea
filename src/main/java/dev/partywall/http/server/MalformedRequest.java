package dev.partywall.http.server;

/** Thrown for a malformed HTTP message. Names the violated rule and never quotes the request. */
final class MalformedRequest extends Exception {
  private static final long serialVersionUID = 1L;

  private final String rule;

  MalformedRequest(String rule) {
    super(rule, null, false, false);
    this.rule = rule;
  }

  String rule() {
    return rule;
  }
}
