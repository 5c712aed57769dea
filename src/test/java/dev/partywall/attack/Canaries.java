package dev.partywall.attack;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What belongs to one tenant and can't be guessed: random strings that lie in its data, and the
 * names of its orders. Whoever shows one to somebody else has let him in.
 */
final class Canaries {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int LENGTH = 16;
  private static final Pattern STRING = Pattern.compile("cnry[a-z2-7]{" + LENGTH + "}");
  private static final Pattern ANY =
      Pattern.compile(STRING + "|(?<![0-9A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Z])");

  private final Map<String, String> owners = new ConcurrentHashMap<>();

  /** A new string of that tenant's. */
  String issue(String tenant, RandomGenerator random) {
    var text = new StringBuilder("cnry");
    random.ints(LENGTH, 0, LETTERS.length()).forEach(i -> text.append(LETTERS.charAt(i)));
    own(text.toString(), tenant);
    return text.toString();
  }

  /** From now on that order is that tenant's. */
  void own(String thing, String tenant) {
    owners.put(thing, tenant);
  }

  /** All in that text that is known to be somebody else's than this tenant's. */
  List<String> foreign(CharSequence text, String tenant) {
    return foreign(ANY, text, tenant);
  }

  /** Likewise, but names of orders are passed over: a path in a log may well hold one. */
  List<String> foreignStrings(CharSequence text, String tenant) {
    return foreign(STRING, text, tenant);
  }

  private List<String> foreign(Pattern what, CharSequence text, String tenant) {
    return what.matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(thing -> !owners.getOrDefault(thing, tenant).equals(tenant))
        .toList();
  }
}
