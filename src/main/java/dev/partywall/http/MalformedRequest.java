package dev.partywall.http;

/** Thrown for a malformed HTTP message. Names the violated rule and never quotes the request. */
public final class MalformedRequest extends Exception {
  private static final long serialVersionUID = 1L;

  private final String rule;

  public MalformedRequest(String rule) {
    super(rule, null, false, false);
    this.rule = rule;
  }

  public String rule() {
    return rule;
  }
}
