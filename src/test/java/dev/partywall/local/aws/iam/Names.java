package dev.partywall.local.aws.iam;

import java.util.List;
import java.util.Locale;

/** The names that a statement is about, or, negated, all others: actions or resources. */
record Names(boolean negated, boolean ignoreCase, List<Template> patterns) {
  boolean match(String name, Context context, Effect effect) {
    return negated != patterns.stream().anyMatch(pattern -> one(pattern, name, context, effect));
  }

  private boolean one(Template pattern, String name, Context context, Effect effect) {
    return pattern
        .resolve(context, true)
        .map(glob -> ignoreCase ? glob.lowerCase().matches(lower(name)) : glob.matches(name))
        .orElse(effect.undecided(negated));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
