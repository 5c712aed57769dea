package dev.partywall.isolation;

/** What a statement does with what it matches. */
public enum Effect {
  ALLOW("Allow"),
  DENY("Deny");

  private final String id;

  Effect(String id) {
    this.id = id;
  }

  /** As policies spell it. */
  public String id() {
    return id;
  }
}
