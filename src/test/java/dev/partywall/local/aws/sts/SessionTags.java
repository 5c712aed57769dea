package dev.partywall.local.aws.sts;

import dev.partywall.local.aws.wire.AwsFault;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The tags of an AssumeRole call: {@code Tags.member.1.Key}, {@code Tags.member.1.Value}.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html">session
 *     tags</a>
 */
final class SessionTags {
  private static final int MAX_TAGS = 50;
  // Wildcards are excluded, so a tag value in a policy matches only itself.
  private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}");

  private SessionTags() {}

  static Map<String, String> of(FormParameters form) {
    var tags = new LinkedHashMap<String, String>();
    var seen = new HashSet<String>();
    for (int i = 1; form.get(key(i)).isPresent(); i++) {
      var name = form.required(key(i));
      var value = form.required("Tags.member." + i + ".Value");
      if (!KEY.matcher(name).matches() || !VALUE.matcher(value).matches() || i > MAX_TAGS) {
        throw AwsFault.validation("1 validation error detected: invalid tag: " + name);
      }
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw AwsFault.validation(
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
      }
      tags.put(name, value);
    }
    return tags;
  }

  private static String key(int i) {
    return "Tags.member." + i + ".Key";
  }
}
