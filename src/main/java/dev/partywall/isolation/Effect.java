package dev.partywall.isolation;

/** The effect of a policy statement on matching requests. */
public enum Effect {
  ALLOW("Allow"),
  DENY("Deny");

  private final String id;

  Effect(String id) {
    this.id = id;
  }

  /** Returns the effect in policy syntax. */
  public String id() {
    return id;
  }
}
