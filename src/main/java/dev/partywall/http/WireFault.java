package dev.partywall.http;

/** A message breaks a rule of the wire. The message names the rule and never quotes the caller. */
final class WireFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final String rule;

  WireFault(String rule) {
    super(rule, null, false, false);
    this.rule = rule;
  }

  String rule() {
    return rule;
  }
}
