package dev.partywall.local.aws.iam;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The condition keys of one request. Names are case-insensitive; a key without values is absent.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html">condition
 *     context keys</a>
 */
public final class Context {
  /** A request of which nothing is known. */
  public static final Context EMPTY = new Context(Map.of());

  private final Map<String, Set<String>> values;

  private Context(Map<String, Set<String>> values) {
    this.values = values;
  }

  /** This, and one more key with one value. */
  public Context with(String key, String value) {
    return with(key, Set.of(value));
  }

  /** This, and one more key. */
  public Context with(String key, Collection<String> set) {
    return and(new Context(Map.of(lower(key), Set.copyOf(set))));
  }

  /** This and the other's keys; the other's stand over this one's. */
  public Context and(Context other) {
    var all = new HashMap<>(values);
    all.putAll(other.values);
    return new Context(all);
  }

  /** The values of a key: none where it is absent. */
  public Set<String> get(String key) {
    return values.getOrDefault(lower(key), Set.of());
  }

  private static String lower(String key) {
    return key.toLowerCase(Locale.ROOT);
  }
}
