package dev.partywall.local.aws.iam;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The condition keys of a request. Key names are case-insensitive. A key without values is absent.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html">condition
 *     context keys</a>
 */
public final class RequestContext {
  /** A context without keys. */
  public static final RequestContext EMPTY = new RequestContext(Map.of());

  private final Map<String, Set<String>> values;

  private RequestContext(Map<String, Set<String>> values) {
    this.values = values;
  }

  /** Returns this context with a single-valued key added. */
  public RequestContext with(String key, String value) {
    return with(key, Set.of(value));
  }

  /** Returns this context with a multivalued key added. */
  public RequestContext with(String key, Collection<String> set) {
    return merge(new RequestContext(Map.of(lower(key), Set.copyOf(set))));
  }

  /** Returns the union of both contexts. The keys of {@code other} take precedence. */
  public RequestContext merge(RequestContext other) {
    var all = new HashMap<>(values);
    all.putAll(other.values);
    return new RequestContext(all);
  }

  /** Returns the values of a key; empty if it is absent. */
  public Set<String> get(String key) {
    return values.getOrDefault(lower(key), Set.of());
  }

  private static String lower(String key) {
    return key.toLowerCase(Locale.ROOT);
  }
}
