package dev.partywall.local.aws.iam;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One entry of a statement's Condition. The statement applies only if all its conditions are true.
 */
sealed interface IamCondition {
  boolean isTrue(RequestContext context, IamEffect effect);

  /** {@code Null}: tests whether a key is absent. */
  record KeyAbsence(String key, boolean absent) implements IamCondition {
    @Override
    public boolean isTrue(RequestContext context, IamEffect effect) {
      return context.get(key).isEmpty() == absent;
    }
  }

  /** Any other operator: compares a key with the values in the policy. One value must match. */
  record KeyComparison(ConditionOperator operator, String key, List<PolicyString> values)
      implements IamCondition {
    @Override
    public boolean isTrue(RequestContext context, IamEffect effect) {
      var asked = context.get(key);
      return asked.isEmpty() ? operator.resultIfAbsent() : applySetOperator(asked, context, effect);
    }

    private boolean applySetOperator(Set<String> asked, RequestContext context, IamEffect effect) {
      Predicate<String> test = value -> operator.negated() != matches(value, context, effect);
      return switch (operator.setOperator()) {
        case FOR_ALL_VALUES -> asked.stream().allMatch(test);
        case FOR_ANY_VALUE -> asked.stream().anyMatch(test);
        case NONE ->
            effect == IamEffect.ALLOW
                ? asked.stream().allMatch(test)
                : asked.stream().anyMatch(test);
      };
    }

    private boolean matches(String asked, RequestContext context, IamEffect effect) {
      return values.stream()
          .anyMatch(value ->
              operator
                  .comparison()
                  .compare(asked, value, context)
                  .orElse(effect.undecidableResult(operator.negated())));
    }
  }
}
