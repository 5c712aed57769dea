package dev.partywall.attack;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Values that belong to one tenant and cannot be guessed: random strings in its data, and its order
 * ids. A canary in another tenant's response is a leak.
 */
final class Canaries {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int LENGTH = 16;
  private static final Pattern CANARY = Pattern.compile("cnry[a-z2-7]{" + LENGTH + "}");
  private static final Pattern CANARY_OR_ORDER_ID =
      Pattern.compile(CANARY + "|(?<![0-9A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Z])");

  private final Map<String, String> owners = new ConcurrentHashMap<>();

  /** Creates a canary for the tenant. */
  String issue(String tenant, RandomGenerator random) {
    var text = new StringBuilder("cnry");
    random.ints(LENGTH, 0, LETTERS.length()).forEach(i -> text.append(LETTERS.charAt(i)));
    register(text.toString(), tenant);
    return text.toString();
  }

  /** Registers a value that belongs to the tenant. */
  void register(String value, String tenant) {
    owners.put(value, tenant);
  }

  /** Returns the values in the text that belong to other tenants. */
  List<String> leaksIn(CharSequence text, String tenant) {
    return leaksIn(CANARY_OR_ORDER_ID, text, tenant);
  }

  /** Like {@link #leaksIn}, but ignores order ids: the paths in the access log may contain them. */
  List<String> canariesIn(CharSequence text, String tenant) {
    return leaksIn(CANARY, text, tenant);
  }

  private List<String> leaksIn(Pattern pattern, CharSequence text, String tenant) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(value -> !owners.getOrDefault(value, tenant).equals(tenant))
        .toList();
  }
}
