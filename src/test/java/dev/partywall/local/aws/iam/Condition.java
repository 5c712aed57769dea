package dev.partywall.local.aws.iam;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** One line of a statement's Condition: all lines of a statement must hold. */
sealed interface Condition {
  boolean holds(Context context, Effect effect);

  /** {@code Null}: whether a key is absent. */
  record Absence(String key, boolean absent) implements Condition {
    @Override
    public boolean holds(Context context, Effect effect) {
      return context.get(key).isEmpty() == absent;
    }
  }

  /** Any other operator: a key against the policy's values, of which one must match. */
  record Comparing(Operator operator, String key, List<Template> values) implements Condition {
    @Override
    public boolean holds(Context context, Effect effect) {
      var asked = context.get(key);
      return asked.isEmpty() ? operator.onAbsent() : quantified(asked, context, effect);
    }

    private boolean quantified(Set<String> asked, Context context, Effect effect) {
      Predicate<String> one = value -> operator.negated() != matches(value, context, effect);
      return switch (operator.over()) {
        case ALL -> asked.stream().allMatch(one);
        case ANY -> asked.stream().anyMatch(one);
        case ONE ->
            effect == Effect.ALLOW ? asked.stream().allMatch(one) : asked.stream().anyMatch(one);
      };
    }

    private boolean matches(String asked, Context context, Effect effect) {
      return values.stream()
          .anyMatch(value ->
              operator
                  .comparison()
                  .compare(asked, value, context)
                  .orElse(effect.undecided(operator.negated())));
    }
  }
}
