package dev.partywall.isolation;

import java.util.List;

/** A policy statement. It applies if all of its conditions are true. */
public record Statement(
    Effect effect,
    List<Action> actions,
    List<Resource> resources,
    List<PolicyCondition> conditions) {
  /** Copies the lists, which makes the record immutable. */
  public Statement {
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
    conditions = List.copyOf(conditions);
  }
}
