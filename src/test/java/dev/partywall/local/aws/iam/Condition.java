package dev.partywall.local.aws.iam;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One entry of a statement's Condition. The statement applies only if all its conditions are true.
 */
sealed interface Condition {
  boolean holds(Context context, Effect effect);

  /** {@code Null}: tests whether a key is absent. */
  record Absence(String key, boolean absent) implements Condition {
    @Override
    public boolean holds(Context context, Effect effect) {
      return context.get(key).isEmpty() == absent;
    }
  }

  /** Any other operator: compares a key with the values in the policy. One value must match. */
  record Comparing(Operator operator, String key, List<Template> values) implements Condition {
    @Override
    public boolean holds(Context context, Effect effect) {
      var asked = context.get(key);
      return asked.isEmpty() ? operator.onAbsent() : applySetOperator(asked, context, effect);
    }

    private boolean applySetOperator(Set<String> asked, Context context, Effect effect) {
      Predicate<String> test = value -> operator.negated() != matches(value, context, effect);
      return switch (operator.over()) {
        case ALL -> asked.stream().allMatch(test);
        case ANY -> asked.stream().anyMatch(test);
        case ONE ->
            effect == Effect.ALLOW ? asked.stream().allMatch(test) : asked.stream().anyMatch(test);
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
