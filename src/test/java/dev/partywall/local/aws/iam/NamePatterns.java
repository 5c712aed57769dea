package dev.partywall.local.aws.iam;

import java.util.List;
import java.util.Locale;

/** The actions or resources of a statement. If negated, all others. */
record NamePatterns(boolean negated, boolean ignoreCase, List<PolicyString> patterns) {
  boolean matches(String name, RequestContext context, IamEffect effect) {
    return negated
        != patterns.stream().anyMatch(pattern -> matches(pattern, name, context, effect));
  }

  private boolean matches(
      PolicyString pattern, String name, RequestContext context, IamEffect effect) {
    return pattern
        .resolve(context, true)
        .map(glob -> ignoreCase ? glob.lowerCase().matches(lower(name)) : glob.matches(name))
        .orElse(effect.undecidableResult(negated));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
