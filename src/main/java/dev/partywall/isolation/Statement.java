package dev.partywall.isolation;

import java.util.List;

/** What is allowed or denied, on what, and when: all of the conditions must hold. */
public record Statement(
    Effect effect, List<Action> actions, List<Resource> resources, List<Condition> conditions) {
  /** Copies the lists. */
  public Statement {
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
    conditions = List.copyOf(conditions);
  }
}
