package dev.partywall.local.aws.iam;

import java.util.List;
import java.util.Locale;

/** The actions or resources of a statement. If negated, all others. */
record Names(boolean negated, boolean ignoreCase, List<Template> patterns) {
  boolean match(String name, Context context, Effect effect) {
    return negated
        != patterns.stream().anyMatch(pattern -> matches(pattern, name, context, effect));
  }

  private boolean matches(Template pattern, String name, Context context, Effect effect) {
    return pattern
        .resolve(context, true)
        .map(glob -> ignoreCase ? glob.lowerCase().matches(lower(name)) : glob.matches(name))
        .orElse(effect.undecided(negated));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
